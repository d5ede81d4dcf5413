import { describe, expect, it } from 'vitest';
import { NS } from '../namespaces.ts';
import { type InitiationName, parseInitiation, writeInitiation } from '../stanza/initiation.ts';
import { JingleError } from '../stanza/jingle-error.ts';
import type { JingleReason } from '../stanza/reason.ts';
import { recordedStanzas } from '../testing/corpus.ts';
import { element } from '../xml/element.ts';
import { parseXml } from '../xml/parse-xml.ts';
import {
  type Initiation,
  type InitiationEffect,
  type InitiationInput,
  propose,
  proposed,
  stepInitiation,
} from './initiation-step.ts';

const BUSY: JingleReason = { condition: 'busy', text: 'Busy', details: [] };
const CANCEL: JingleReason = { condition: 'cancel', details: [] };

function message(name: InitiationName, from: string, id = 'm', reason?: JingleReason): InitiationInput {
  const written = element(
    NS.client,
    'message',
    {},
    writeInitiation({ name, id, ...(reason === undefined ? {} : { reason }) }),
  );
  return { type: 'message', from, message: parseInitiation(written)! };
}

function word(effect: InitiationEffect): string {
  switch (effect.type) {
    case 'send':
      return `${effect.message.name} ${effect.message.id} to ${effect.to}${effect.message.isTieBreak === true ? ' tie-break' : ''}`;
    case 'initiate':
      return `initiate ${effect.to}`;
    case 'elsewhere':
      return `elsewhere ${effect.how}`;
    case 'over':
      return `over by ${effect.by}: ${effect.reason?.condition ?? 'nothing'}`;
    default:
      return effect.type;
  }
}

function run(initiation: Initiation, ...inputs: InitiationInput[]): string[] {
  let now = initiation;
  return inputs.flatMap((input) => {
    const after = stepInitiation(now, input);
    now = after.initiation;
    return after.effects.map(word);
  });
}

const caller = () => propose('m', 'alice@a/1', 'bob@b', ['audio', 'video']).initiation;
const callee = () => proposed('m', 'bob@b/phone', 'alice@a/1');

describe('the caller', () => {
  it('proposes to the account and initiates to the first device that takes the call', () => {
    const { effects } = propose('m', 'alice@a/1', 'bob@b', ['audio', 'video']);
    expect(effects.map(word)).toEqual(['propose m to bob@b']);
    expect(
      run(
        caller(),
        message('ringing', 'bob@b/tablet'),
        message('ringing', 'bob@b/phone'),
        message('proceed', 'bob@b/phone'),
        message('proceed', 'bob@b/tablet'),
        message('reject', 'bob@b/tablet'),
      ),
    ).toEqual(['ringing', 'initiate bob@b/phone']);
  });

  it('takes a rejection, gives up, and finishes what was taken', () => {
    expect(
      run(caller(), message('reject', 'bob@b/phone', 'm', BUSY), message('proceed', 'bob@b/tablet')),
    ).toEqual(['over by there: busy']);
    expect(run(caller(), { type: 'end', reason: CANCEL }, message('proceed', 'bob@b/phone'))).toEqual([
      'retract m to bob@b',
      'over by here: cancel',
    ]);
    expect(run(caller(), message('proceed', 'bob@b/phone'), { type: 'end', reason: CANCEL })).toEqual([
      'initiate bob@b/phone',
      'finish m to bob@b/phone',
      'over by here: cancel',
    ]);
  });

  it('listens to nobody else', () => {
    expect(
      run(
        caller(),
        message('proceed', 'eve@e/1'),
        message('proceed', 'bob@b/phone', 'other'),
        { type: 'take' },
        { type: 'ring' },
      ),
    ).toEqual([]);
  });

  it('lets the lower identifier win where both propose', () => {
    expect(
      run(
        caller(),
        { type: 'other-proposal', id: 'n', from: 'bob@b/phone' },
        message('proceed', 'bob@b/phone'),
      ),
    ).toEqual(['reject n to bob@b/phone tie-break', 'initiate bob@b/phone']);
    expect(run(caller(), { type: 'other-proposal', id: 'l', from: 'bob@b/phone' })).toEqual([
      'retract m to bob@b tie-break',
      'over by there: expired',
    ]);
    expect(run(caller(), { type: 'other-proposal', id: 'l', from: 'eve@e/1' })).toEqual([]);
  });
});

describe('the callee', () => {
  it('rings, takes the call, and is done when the caller finishes', () => {
    expect(
      run(
        callee(),
        { type: 'ring' },
        { type: 'ring' },
        { type: 'take' },
        { type: 'take' },
        message('finish', 'alice@a/1'),
      ),
    ).toEqual(['ringing m to alice@a/1', 'proceed m to alice@a/1', 'over by there: nothing']);
  });

  it('stops ringing when another device of its account took or refused the call, or the caller gave up', () => {
    for (const how of ['proceed', 'reject'] as const)
      expect(run(callee(), message(how, 'bob@b/tablet'), { type: 'take' })).toEqual([`elsewhere ${how}`]);
    expect(
      run(callee(), { type: 'ring' }, message('retract', 'alice@a/1', 'm', CANCEL), { type: 'take' }),
    ).toEqual(['ringing m to alice@a/1', 'over by there: cancel']);
    expect(run(callee(), message('retract', 'eve@e/1', 'm', CANCEL))).toEqual([]);
    expect(run(callee(), message('proceed', 'bob@b/phone'))).toEqual([]);
  });

  it('refuses with a reason', () => {
    expect(run(callee(), { type: 'end', reason: BUSY })).toEqual([
      'reject m to alice@a/1',
      'over by here: busy',
    ]);
  });
});

describe('messages of initiation', () => {
  it('are read from what Dino and its caller sent', () => {
    const read = recordedStanzas()
      .filter(({ name }) => /propose|proceed/.test(name))
      .map(({ text }) => parseInitiation(parseXml(text).root));
    expect(read).toMatchObject([
      { name: 'propose', media: ['audio'] },
      { name: 'proceed', media: [] },
    ]);
  });

  it('survive being written', () => {
    const whole = {
      name: 'finish',
      id: 'm',
      media: [],
      reason: BUSY,
      isTieBreak: true,
      migratedTo: 'n',
    } as const;
    expect(parseInitiation(element(NS.client, 'message', {}, writeInitiation(whole)))).toEqual(whole);
    expect(parseInitiation(element(NS.client, 'message'))).toBeUndefined();
    expect(() =>
      parseInitiation(element(NS.client, 'message', {}, [element(NS.messageInitiation, 'propose')])),
    ).toThrow(JingleError);
  });
});

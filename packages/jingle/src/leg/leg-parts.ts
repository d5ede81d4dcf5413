import type { LazyDescription } from '@crosspoint/sdp';
import type { Signal } from '@crosspoint/signaling';
import type { JingleRole } from '../description/senders.ts';
import type { OwnContents } from './change-plan.ts';
import type { ContentBook } from './content-book.ts';
import type { JingleCall } from './jingle-call.ts';

/** What the halves of a leg share: our offers on one hand, the far side's on the other. */
export interface LegParts {
  readonly book: ContentBook;
  readonly role: JingleRole;
  readonly call: () => JingleCall | undefined;
  /** Our offer is no longer out: the far side's may be told. */
  readonly idle: () => void;
  readonly tell: (signal: Signal) => void;
  readonly own: () => OwnContents | undefined;
  readonly learnOwn: (own: OwnContents) => void;
  readonly contents: (description: LazyDescription) => OwnContents;
  readonly describe: (type: 'offer' | 'answer', template: LazyDescription | undefined) => LazyDescription;
}

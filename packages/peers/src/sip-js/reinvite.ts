import { Inviter, RequestPendingError, type Session, SessionState } from 'sip.js';

/** How often a re-INVITE is tried that meets another. */
const TRIES = 4;
/** RFC 3261 section 14.1: in units of 10 ms, later where the Call-ID is ours. */
const UNIT_MS = 10;
const OWN_WAIT = { least: 210, most: 400 };
const OTHER_WAIT = { least: 0, most: 200 };

/**
 * Offers again within a session, and waits for the answer; where the far side does so at the same time, once more a
 * little later (RFC 3261 section 14.1). `takeBack` undoes an offer that was made and not sent.
 * @throws Error where the offer is refused
 */
export async function reinvite(
  session: Session,
  random: () => number,
  takeBack: () => Promise<void> = async () => {},
): Promise<void> {
  for (let time = 1; ; time += 1) {
    const status = await once(session);
    if (status !== 0) await takeBack();
    if (status === 0) return;
    if (status !== 491 || time === TRIES) throw new Error(`the re-INVITE was answered ${status}`);
    const { least, most } = session instanceof Inviter ? OWN_WAIT : OTHER_WAIT;
    const units = least + Math.floor(random() * (most - least + 1));
    await new Promise((resolve) => setTimeout(resolve, UNIT_MS * units));
    if (session.state !== SessionState.Established) throw new Error('the call is over');
  }
}

/** @returns 0 where it was accepted, else the status of the refusal */
async function once(session: Session): Promise<number> {
  return new Promise((resolve, reject) => {
    session.stateChange.addListener((state) => {
      if (state === SessionState.Terminated) reject(new Error('the call is over'));
    });
    session
      .invite({
        requestDelegate: {
          onAccept: () => resolve(0),
          onReject: ({ message }) => resolve(message.statusCode ?? 0),
        },
      })
      .catch((error: unknown) => {
        // One of our own, or of the far side's, is not answered, or not acknowledged yet: SIP.js has two ways to say it.
        if (error instanceof RequestPendingError || /ongoing re-INVITE/.test(String(error))) resolve(491);
        else reject(error);
      });
  });
}

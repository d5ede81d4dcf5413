export { type JingleCallIn, JinglePeople, type JinglePeopleOptions } from './jingle-people.ts';
export { newId } from './new-id.ts';
export { StanzaCalls, type StanzaTraceOptions, stanzaTrace } from './stanza-trace.ts';
export { systemClock } from './system-clock.ts';

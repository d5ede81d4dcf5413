export { newId } from './new-id.ts';
export { ServerAttachment, type ServerAttachmentOptions } from './server-attachment.ts';
export { systemClock } from './system-clock.ts';

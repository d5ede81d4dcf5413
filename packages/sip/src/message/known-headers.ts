import { headerNamed } from './header-names.ts';

/** The headers that messages are asked for by this library's own readers. */
export const VIA = headerNamed('via');
export const FROM = headerNamed('from');
export const TO = headerNamed('to');
export const CALL_ID = headerNamed('call-id');
export const CSEQ = headerNamed('cseq');
export const CONTACT = headerNamed('contact');
export const ROUTE = headerNamed('route');
export const RECORD_ROUTE = headerNamed('record-route');
export const PATH = headerNamed('path');
export const SERVICE_ROUTE = headerNamed('service-route');
export const P_ASSERTED_IDENTITY = headerNamed('p-asserted-identity');
export const MAX_FORWARDS = headerNamed('max-forwards');
export const EXPIRES = headerNamed('expires');
export const MIN_EXPIRES = headerNamed('min-expires');
export const CONTENT_LENGTH = headerNamed('content-length');
export const CONTENT_TYPE = headerNamed('content-type');

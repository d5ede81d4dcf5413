import type { HeaderField } from './field.ts';
import type { FirstFields, Head } from './head.ts';
import type { HeadEncoding } from './head-text.ts';
import type { MessageParts } from './message-parts.ts';

/** The parts of a message that was read: start line and body are cut out when they are asked for. */
export class ReadParts implements MessageParts {
  readonly fields: readonly HeaderField[];
  readonly firsts: FirstFields;
  readonly encoding: HeadEncoding;
  private readonly text: string;
  private readonly startEnd: number;
  private readonly datagram: Uint8Array;
  private readonly headEnd: number;
  private readonly end: number;
  private cutBody: Uint8Array | undefined = undefined;

  /** Of a head whose body is datagram[headEnd, end). */
  constructor(head: Head, datagram: Uint8Array, headEnd: number, end: number) {
    this.fields = head.fields;
    this.firsts = head.firsts;
    this.encoding = head.encoding;
    this.text = head.text;
    this.startEnd = head.startEnd;
    this.datagram = datagram;
    this.headEnd = headEnd;
    this.end = end;
  }

  get startLine(): string {
    return this.text.slice(0, this.startEnd);
  }

  get body(): Uint8Array {
    this.cutBody ??= this.datagram.subarray(this.headEnd, this.end);
    return this.cutBody;
  }

  get bytes(): Uint8Array {
    return this.end === this.datagram.length ? this.datagram : this.datagram.subarray(0, this.end);
  }
}

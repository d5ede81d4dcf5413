/** One element, or a stream's header, as it was on the wire; passwords are struck out. */
export interface XmppTapEvent {
  /** Milliseconds of the server's clock. */
  readonly at: number;
  readonly direction: 'in' | 'out';
  readonly service: 'client' | 'server' | 'component';
  readonly carrier: 'tcp' | 'websocket';
  readonly secure: boolean;
  /** `host:port` */
  readonly remote: string;
  readonly text: string;
}

export type XmppTap = (event: XmppTapEvent) => void;

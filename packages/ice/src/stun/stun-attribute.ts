/** An address and port as STUN carries them: IPv4 dotted or IPv6 in the form of RFC 5952, without brackets. */
export interface TransportAddress {
  readonly address: string;
  readonly port: number;
}

export interface StunErrorCode {
  /** 300 to 699. */
  readonly code: number;
  readonly reason: string;
}

export interface PasswordAlgorithm {
  /** 1 is MD5, 2 is SHA-256 (RFC 8489 section 18.5). */
  readonly algorithm: number;
  readonly parameters: Uint8Array;
}

export type AddressFamily = 'IPv4' | 'IPv6';

/** What each known attribute carries. Numbers are unsigned; 64 bits are a bigint. */
export interface StunAttributeValues {
  // RFC 8489 section 14
  'MAPPED-ADDRESS': TransportAddress;
  USERNAME: string;
  'MESSAGE-INTEGRITY': Uint8Array;
  'ERROR-CODE': StunErrorCode;
  'UNKNOWN-ATTRIBUTES': readonly number[];
  REALM: string;
  NONCE: string;
  'MESSAGE-INTEGRITY-SHA256': Uint8Array;
  'PASSWORD-ALGORITHM': PasswordAlgorithm;
  USERHASH: Uint8Array;
  'XOR-MAPPED-ADDRESS': TransportAddress;
  'PASSWORD-ALGORITHMS': readonly PasswordAlgorithm[];
  'ALTERNATE-DOMAIN': string;
  SOFTWARE: string;
  'ALTERNATE-SERVER': TransportAddress;
  FINGERPRINT: number;
  // RFC 8656 section 18
  'CHANNEL-NUMBER': number;
  /** Seconds. */
  LIFETIME: number;
  'XOR-PEER-ADDRESS': TransportAddress;
  DATA: Uint8Array;
  'XOR-RELAYED-ADDRESS': TransportAddress;
  'REQUESTED-ADDRESS-FAMILY': AddressFamily;
  'EVEN-PORT': { readonly reserveNext: boolean };
  /** IP protocol number: 17 is UDP, 6 is TCP (RFC 6062). */
  'REQUESTED-TRANSPORT': number;
  'DONT-FRAGMENT': true;
  'RESERVATION-TOKEN': Uint8Array;
  'ADDITIONAL-ADDRESS-FAMILY': AddressFamily;
  'ADDRESS-ERROR-CODE': StunErrorCode & { readonly family: AddressFamily };
  ICMP: { readonly icmpType: number; readonly icmpCode: number; readonly data: number };
  // RFC 6062 section 6.2
  'CONNECTION-ID': number;
  // RFC 8445 section 16.1
  PRIORITY: number;
  'USE-CANDIDATE': true;
  'ICE-CONTROLLED': bigint;
  'ICE-CONTROLLING': bigint;
  // RFC 5780 section 7
  'CHANGE-REQUEST': { readonly ip: boolean; readonly port: boolean };
  'RESPONSE-ORIGIN': TransportAddress;
  'OTHER-ADDRESS': TransportAddress;
  // libwebrtc (browsers): which network a check left on and what it costs
  'GOOG-NETWORK-INFO': { readonly networkId: number; readonly networkCost: number };
}

export type StunAttributeName = keyof StunAttributeValues;

/** The attribute types as IANA lists them. 0x8000 and above may be ignored when unknown (RFC 8489 section 14). */
export const stunAttributeCodes: { readonly [Name in StunAttributeName]: number } = {
  'MAPPED-ADDRESS': 0x0001,
  'CHANGE-REQUEST': 0x0003,
  USERNAME: 0x0006,
  'MESSAGE-INTEGRITY': 0x0008,
  'ERROR-CODE': 0x0009,
  'UNKNOWN-ATTRIBUTES': 0x000a,
  'CHANNEL-NUMBER': 0x000c,
  LIFETIME: 0x000d,
  'XOR-PEER-ADDRESS': 0x0012,
  DATA: 0x0013,
  REALM: 0x0014,
  NONCE: 0x0015,
  'XOR-RELAYED-ADDRESS': 0x0016,
  'REQUESTED-ADDRESS-FAMILY': 0x0017,
  'EVEN-PORT': 0x0018,
  'REQUESTED-TRANSPORT': 0x0019,
  'DONT-FRAGMENT': 0x001a,
  'MESSAGE-INTEGRITY-SHA256': 0x001c,
  'PASSWORD-ALGORITHM': 0x001d,
  USERHASH: 0x001e,
  'XOR-MAPPED-ADDRESS': 0x0020,
  'RESERVATION-TOKEN': 0x0022,
  PRIORITY: 0x0024,
  'USE-CANDIDATE': 0x0025,
  'CONNECTION-ID': 0x002a,
  'ADDITIONAL-ADDRESS-FAMILY': 0x8000,
  'ADDRESS-ERROR-CODE': 0x8001,
  'PASSWORD-ALGORITHMS': 0x8002,
  'ALTERNATE-DOMAIN': 0x8003,
  ICMP: 0x8004,
  SOFTWARE: 0x8022,
  'ALTERNATE-SERVER': 0x8023,
  FINGERPRINT: 0x8028,
  'ICE-CONTROLLED': 0x8029,
  'ICE-CONTROLLING': 0x802a,
  'RESPONSE-ORIGIN': 0x802b,
  'OTHER-ADDRESS': 0x802c,
  'GOOG-NETWORK-INFO': 0xc057,
};

/** What a peer's bytes had that the typed value cannot say. Absent in nearly every message. */
interface AsReceived {
  /** The value's bytes where the peer set bits that are reserved; written instead of `value`. Drop it to edit. */
  readonly raw?: Uint8Array;
  /** The padding where it is not all zero, which RFC 8489 section 14 allows a sender. */
  readonly padding?: Uint8Array;
}

export type KnownStunAttribute = {
  [Name in StunAttributeName]: AsReceived & {
    readonly type: Name;
    readonly value: StunAttributeValues[Name];
  };
}[StunAttributeName];

/** An attribute this codec has no name for, kept byte for byte. */
export interface UnknownStunAttribute extends AsReceived {
  readonly type: 'unknown';
  readonly code: number;
  readonly value: Uint8Array;
}

export type StunAttribute = KnownStunAttribute | UnknownStunAttribute;

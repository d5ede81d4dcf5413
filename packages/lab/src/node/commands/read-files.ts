import { readFile } from 'node:fs/promises';

/** A file as it was read, or why it was not. */
export type ReadFile =
  | { readonly file: string; readonly bytes: Uint8Array }
  | { readonly file: string; readonly why: string };

const STANDARD_INPUT = '-';

/** Reads files in the order given; `-` is standard input. One that cannot be read says why and stops no other. */
export async function readFiles(files: readonly string[]): Promise<ReadFile[]> {
  // Standard input can be read once; named twice it is the same text twice.
  const input = files.includes(STANDARD_INPUT) ? await standardInput() : undefined;
  return Promise.all(
    files.map(async (file): Promise<ReadFile> => {
      if (file === STANDARD_INPUT) return { file, bytes: input! };
      try {
        return { file, bytes: await readFile(file) };
      } catch (error) {
        return { file, why: whyNot(error) };
      }
    }),
  );
}

async function standardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is no folder',
  EACCES: 'reading it is not allowed',
};

function whyNot(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? message;
}

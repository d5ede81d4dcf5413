import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process of the benchmark: a file of this folder. */
export function spawn(file: string, args: readonly string[]): ChildProcess {
  return fork(fileURLToPath(new URL(file, import.meta.url)), [...args], { execArgv: ['--import', 'tsx'] });
}

/** The next message of a process. Rejects where it ends before. */
export function answer<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('a process of the benchmark ended before its time'));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as T);
    });
  });
}

/** Asks a process for something and waits for its answer. */
export function order<T>(child: ChildProcess, what: object): Promise<T> {
  const done = answer<T>(child);
  child.send(what);
  return done;
}

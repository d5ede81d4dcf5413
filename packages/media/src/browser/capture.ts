import { wallClockMs } from './wall-clock.ts';

/** Some samples with the context's time of the first, and the wall clock when they were handed over. */
export interface CapturedBlock {
  readonly samples: Float32Array;
  /** In seconds. */
  readonly contextTime: number;
  readonly wallClockMs: number;
}

const PROCESSOR = 'crosspoint-capture';
const MODULE = `registerProcessor('${PROCESSOR}', class extends AudioWorkletProcessor {
  process(inputs) {
    const samples = inputs[0][0] ? inputs[0][0].slice() : new Float32Array(128);
    this.port.postMessage({ samples, contextTime: currentTime, wallClockMs: Date.now() }, [samples.buffer]);
    return true;
  }
});`;

const loaded = new WeakMap<AudioContext, Promise<boolean>>();

function loadProcessor(context: AudioContext): Promise<boolean> {
  let loading = loaded.get(context);
  if (!loading) {
    loading = addModule(context);
    loaded.set(context, loading);
  }
  return loading;
}

async function addModule(context: AudioContext): Promise<boolean> {
  // Worklets are for secure contexts: a page from http://10.9.1.1 has none.
  if (!('audioWorklet' in context) || context.audioWorklet === undefined) return false;
  const url = URL.createObjectURL(new Blob([MODULE], { type: 'text/javascript' }));
  try {
    await context.audioWorklet.addModule(url);
    return true;
  } catch {
    return false;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Hands on what `source` plays until the returned function is called: by a worklet, else by a script processor. */
export async function openCapture(
  context: AudioContext,
  source: AudioNode,
  onBlock: (block: CapturedBlock) => void,
): Promise<() => void> {
  // A node is pulled only on its way to the destination; the gain keeps the page silent.
  const mute = context.createGain();
  mute.gain.value = 0;
  mute.connect(context.destination);
  const close = (node: AudioNode) => () => {
    node.disconnect();
    mute.disconnect();
  };
  if (await loadProcessor(context)) {
    const node = new AudioWorkletNode(context, PROCESSOR, { channelCount: 1, channelCountMode: 'explicit' });
    node.port.onmessage = ({ data }: MessageEvent<CapturedBlock>) => onBlock(data);
    source.connect(node).connect(mute);
    return () => {
      node.port.onmessage = null;
      close(node)();
    };
  }
  const node = context.createScriptProcessor(1024, 1, 1);
  node.onaudioprocess = ({ inputBuffer, playbackTime }) => {
    // The processor is double-buffered: the input is one buffer older than the time of the output.
    const contextTime = playbackTime - 2 * inputBuffer.duration;
    onBlock({ samples: inputBuffer.getChannelData(0).slice(), contextTime, wallClockMs: wallClockMs() });
  };
  source.connect(node).connect(mute);
  return () => {
    node.onaudioprocess = null;
    close(node)();
  };
}

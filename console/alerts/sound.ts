import type { News } from "./news.ts";

/** Two short notes for a chat, one for a message: told apart without looking. In hertz and seconds. */
const tunes: Record<News["kind"], readonly { pitch: number; at: number }[]> = {
  chat: [
    { pitch: 659, at: 0 },
    { pitch: 880, at: 0.13 },
  ],
  message: [{ pitch: 784, at: 0 }],
};

const loudness = 0.12;
const noteSeconds = 0.35;

export type Sound = { play(kind: News["kind"]): void; stop(): void };

/**
 * Made, not loaded: no bytes and nothing to fail. Browsers let a page sound only after the person has
 * touched it; until then a sound is dropped rather than kept for a moment when it means nothing.
 */
export function openSound(target: Window = window): Sound {
  let audio: AudioContext | null = null;
  const wake = () => {
    // Not every key counts as a gesture (Ctrl alone does not), and asking too early is complained about.
    if (!target.navigator.userActivation.hasBeenActive) return;
    audio ??= new AudioContext();
    // Refused where the browser does not count this as a gesture; the next one asks again.
    void audio.resume().catch(() => undefined);
  };
  const gestures = ["pointerdown", "keydown"] as const;
  for (const gesture of gestures) target.addEventListener(gesture, wake, { passive: true });
  return {
    play(kind) {
      if (audio?.state !== "running") return;
      for (const { pitch, at } of tunes[kind]) note(audio, pitch, audio.currentTime + at);
    },
    stop() {
      for (const gesture of gestures) target.removeEventListener(gesture, wake);
      void audio?.close();
    },
  };
}

function note(audio: AudioContext, pitch: number, start: number): void {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.type = "sine";
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(loudness, start + 0.01);
  volume.gain.exponentialRampToValueAtTime(0.001, start + noteSeconds);
  tone.connect(volume).connect(audio.destination);
  tone.start(start);
  tone.stop(start + noteSeconds);
}

export type Health = 'well' | 'strained' | 'ill';

const well = new Set(['ok', 'up', 'ready', 'running', 'healthy', 'idle']);
const ill = new Set(['down', 'failed', 'stopped', 'error', 'broken']);

/** How a stage's word for its state is coloured; a word nobody knows asks for a look. */
export function healthOf(state: string): Health {
  if (well.has(state)) return 'well';
  return ill.has(state) ? 'ill' : 'strained';
}

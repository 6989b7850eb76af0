import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { describe, expect, it } from 'vitest';

const budget = 60 * 1024;
const root = new URL('..', import.meta.url).pathname;

async function bundle(): Promise<Map<string, string>> {
  const built = await build({ root, logLevel: 'silent', build: { write: false } });
  const { output } = built as Rolldown.RolldownOutput;
  return new Map(
    output.map((file) => [
      file.fileName,
      file.type === 'chunk' ? file.code : Buffer.from(file.source).toString(),
    ]),
  );
}

describe('the built page', async () => {
  const files = await bundle();

  it('is at most 60 KiB, compressed', () => {
    const sizes = [...files.values()].map((text) => gzipSync(text).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(budget);
  });

  it('has no inline script or style, and relative addresses only', () => {
    const page = files.get('index.html') ?? '';
    expect(page).toMatch(/<script[^>]* src="\.\/assets\//);
    expect(page).not.toMatch(/<script(?![^>]* src=)/);
    expect(page).not.toMatch(/<style|style=|(src|href)="(\/|https?:)/);
  });

  it('asks no other host for anything', () => {
    const elsewhere = /https?:\/\/(?!www\.w3\.org)[a-z0-9.-]+\.[a-z]+/gi;
    for (const [name, text] of files) expect(text.match(elsewhere), name).toBeNull();
  });

  it('has a lock file without registry addresses', async () => {
    expect(await readFile(`${root}/package-lock.json`, 'utf8')).not.toContain('"resolved"');
  });
});

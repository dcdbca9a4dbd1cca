// Reads every sentence of the plugin's PHP and writes languages/efectivo.pot; `--write` brings it up to date.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const PLUGIN = fileURLToPath(new URL('../..', import.meta.url));
export const POT = join(PLUGIN, 'languages/efectivo.pot');
const CALL = /\b(?:__|esc_html__|esc_attr__)\(\s*'((?:[^'\\]|\\.)*)',\s*'([\w-]+)'\s*\)/g;

/** Sentence → files that say it. */
export function sentences() {
  const found = new Map();
  for (const file of ['efectivo.php', ...php('src')].sort()) {
    for (const [, text, domain] of readFileSync(join(PLUGIN, file), 'utf8').matchAll(CALL)) {
      if (domain !== 'efectivo') throw new Error(`${file}: the text domain of «${text}» is ${domain}`);
      const plain = text.replace(/\\(['\\])/g, '$1');
      found.set(plain, [...new Set([...(found.get(plain) ?? []), file])]);
    }
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The template's text. */
export function template() {
  const quoted = (text) => `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"')}"`;
  const rows = [...sentences()].map(([text, files]) => `${files.map((file) => `#: ${file}\n`).join('')}msgid ${quoted(text)}\nmsgstr ""\n`);
  return `# Every sentence of the plugin that is not the core's own.\nmsgid ""\nmsgstr ""\n"Project-Id-Version: Efectivo\\n"\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n\n${rows.join('\n')}`;
}

export function php(folder) {
  return readdirSync(join(PLUGIN, folder), { withFileTypes: true }).flatMap((one) => {
    const at = join(PLUGIN, folder, one.name);
    if (one.isDirectory()) return php(relative(PLUGIN, at));
    return one.name.endsWith('.php') ? [relative(PLUGIN, at)] : [];
  });
}

if (process.argv.includes('--write')) writeFileSync(POT, template());

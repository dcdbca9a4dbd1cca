// Runs in a browser: plain stand-ins for Shopify's web components, enough to read, press and type; they look like nothing of Shopify's.

export {};

const SOFT = '#575e66';
const LINE = '#d5d9de';

abstract class Piece extends HTMLElement {
  /** Attributes that change what is drawn. */
  static observedAttributes = ['heading', 'href', 'content', 'src', 'alt', 'label', 'value', 'tone', 'text', 'disabled', 'loading', 'checked', 'details', 'error', 'placeholder', 'name', 'variant', 'collapsedSummary', 'accessibilitylabel'];
  readonly root: ShadowRoot;

  constructor() {
    super();
    this.root = this.attachShadow({ mode: 'open', delegatesFocus: true });
  }

  connectedCallback(): void { this.draw(); }
  attributeChangedCallback(): void { if (this.isConnected) this.draw(); }
  says = (name: string): string => this.getAttribute(name) ?? '';
  draw(): void { this.root.innerHTML = this.html(); }
  abstract html(): string;
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
const slot = '<slot></slot>';
const gaps: Record<string, string> = { none: '0', 'small-500': '.2rem', 'small-400': '.3rem', 'small-300': '.4rem', 'small-200': '.5rem', 'small-100': '.6rem', small: '.7rem', base: '1rem', large: '1.4rem' };

class Section extends Piece {
  html(): string { return `<style>:host{display:block;border:1px solid ${LINE};border-radius:.8rem;padding:1rem;background:#fff}h2{font-size:1.1rem;margin:0 0 .7rem}</style>${this.says('heading') && `<h2>${escape(this.says('heading'))}</h2>`}${slot}`; }
}
class Page extends Piece {
  html(): string { return `<style>:host{display:grid;gap:1rem;padding:1rem;max-width:64rem;margin:auto}h1{font-size:1.4rem;margin:0}</style>${this.says('heading') && `<h1>${escape(this.says('heading'))}</h1>`}${slot}`; }
}
class Stack extends Piece {
  html(): string {
    const inline = this.says('direction') === 'inline';
    return `<style>:host{display:flex;flex-direction:${inline ? 'row' : 'column'};flex-wrap:wrap;gap:${gaps[this.says('gap')] ?? (inline ? '.6rem' : '0')};${this.says('alignItems') || this.says('alignitems') ? `align-items:${this.says('alignItems') || this.says('alignitems')}` : ''}}</style>${slot}`;
  }
}
class Box extends Piece {
  html(): string { return `<style>:host{display:block;${this.says('border') && `border:1px solid ${LINE};border-radius:.7rem;`}${this.says('padding') ? 'padding:1rem;' : ''}}</style>${slot}`; }
}
class Text extends Piece {
  html(): string { return `<style>:host{${this.says('color') === 'subdued' ? `color:${SOFT};font-size:.9375rem;` : ''}${this.says('type') === 'strong' ? 'font-weight:650;' : ''}}</style>${slot}`; }
}
class Paragraph extends Piece {
  html(): string { return `<style>:host{display:block}p{margin:0}</style><p>${slot}</p>`; }
}
class Heading extends Piece {
  html(): string { return `<style>:host{display:block}h3{font-size:1.6rem;line-height:1.2;margin:0;font-variant-numeric:tabular-nums}</style><h3>${slot}</h3>`; }
}
class Banner extends Piece {
  html(): string {
    const colours: Record<string, string> = { warning: '#fff3d1', critical: '#fde7e4', success: '#d5efe1' };
    return `<style>:host{display:block;background:${colours[this.says('tone')] ?? '#e3f1f5'};border-radius:.6rem;padding:.7rem 1rem}b{display:block}</style><div role="status">${this.says('heading') && `<b>${escape(this.says('heading'))}</b>`}${slot}</div>`;
  }
}
class Badge extends Piece {
  html(): string {
    const colours: Record<string, string> = { warning: '#fff3d1', critical: '#fde7e4', success: '#d5efe1', info: '#e3f1f5' };
    return `<style>:host{display:inline-block;align-self:flex-start;background:${colours[this.says('tone')] ?? '#e6e9ec'};border-radius:1rem;padding:.05rem .7rem;font-size:.9375rem}</style>${slot}`;
  }
}
class Divider extends Piece {
  html(): string { return `<style>:host{display:block}hr{border:0;border-top:1px solid ${LINE};margin:0}</style><hr>`; }
}
class Wait extends Piece {
  html(): string { return `<style>:host{display:block;color:${SOFT}}</style><span role="status">…</span>`; }
}
class Picture extends Piece {
  html(): string { return `<style>:host{display:block}img{max-width:100%;height:auto;display:block}</style><img src="${escape(this.says('src'))}" alt="${escape(this.says('alt'))}">`; }
  // Preact sets what an element has as properties.
  set src(value: string) { this.setAttribute('src', value); }
  set alt(value: string) { this.setAttribute('alt', value); }
}
class QrCode extends Piece {
  html(): string {
    const title = this.says('accessibilityLabel') || this.says('accessibilitylabel');
    return `<style>:host{display:block}img{width:11rem;height:11rem;display:block;margin:auto}</style><img src="/fake/qr.svg?text=${encodeURIComponent(this.says('content'))}" alt="${escape(title)}">`;
  }
}
class Button extends Piece {
  static formAssociated = true;
  readonly inside = this.attachInternals();

  html(): string {
    const main = this.says('variant') === 'primary';
    const style = `<style>:host{display:inline-block}:host([inlineSize=fill]),:host([inlinesize=fill]){display:block}a,button{box-sizing:border-box;font:inherit;font-weight:600;min-height:2.75rem;width:100%;padding:.4rem .9rem;border:1px solid ${main ? '#0b5c74' : '#8b939b'};border-radius:.6rem;background:${main ? '#0b5c74' : '#fff'};color:${main ? '#fff' : '#1c1f23'};display:inline-flex;align-items:center;justify-content:center;text-decoration:none;cursor:pointer}:focus-visible{outline:3px solid #1a87a6;outline-offset:2px}</style>`;
    const target = this.says('target') ? ` target="${escape(this.says('target'))}" rel="noopener"` : '';
    return this.says('href') && !this.says('href').startsWith('shopify:') ? `${style}<a href="${escape(this.says('href'))}"${target}>${slot}</a>` : `${style}<button type="button"${this.hasAttribute('disabled') ? ' disabled' : ''}>${slot}</button>`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('click', () => {
      const other = this.says('commandFor') || this.says('commandfor');
      if (other) (document.getElementById(other) as { copy?: () => void } | null)?.copy?.();
      if (this.says('type') === 'submit') this.inside.form?.requestSubmit();
    });
  }
}
class Link extends Piece {
  html(): string { return `<style>a{color:#0b5c74}</style><a href="${escape(this.says('href') || '#')}"${this.says('target') ? ' target="_blank" rel="noopener"' : ''}>${slot}</a>`; }
}
class Clipboard extends Piece {
  html(): string { return '<style>:host{display:none}</style>'; }
  set text(value: string) { this.setAttribute('text', value); }

  async copy(): Promise<void> {
    const told = await navigator.clipboard.writeText(this.says('text')).then(() => ['copy'], () => ['copyerror', 'CopyError']);
    for (const name of told) this.dispatchEvent(new Event(name));
  }
}

/** Fields keep their value themselves, and tell of it as the real ones do: `input` and `change`, `value` and `checked`. */
class Field extends Piece {
  static formAssociated = true;
  readonly inside = this.attachInternals();
  #value: string | null = null;

  get value(): string { return this.#value ?? this.says('value'); }
  set value(value: string) { this.#value = String(value ?? ''); this.inside.setFormValue(this.#value); this.draw(); }
  get control(): HTMLInputElement | null { return this.root.querySelector('input,textarea,select'); }
  kind(): string { return 'text'; }
  box(): string { return `<input id="f" type="${this.kind()}" value="${escape(this.value)}" placeholder="${escape(this.says('placeholder'))}"${this.hasAttribute('disabled') ? ' disabled' : ''}>`; }

  html(): string {
    return `<style>:host{display:block}label{font-weight:600;display:block;margin-bottom:.25rem;line-height:1.3}input,select,textarea{font:inherit;min-height:2.75rem;width:100%;box-sizing:border-box;border:1px solid #8b939b;border-radius:.6rem;padding:.4rem .8rem;background:#fff}small{color:${SOFT};display:block;margin-top:.25rem}em{color:#7c1810;display:block}:focus-visible{outline:3px solid #1a87a6}</style><label for="f">${escape(this.says('label'))}</label>${this.box()}${this.says('details') && `<small>${escape(this.says('details'))}</small>`}${this.says('error') && `<em>${escape(this.says('error'))}</em>`}`;
  }

  override draw(): void {
    const focused = this.root.activeElement !== null;
    if (focused) return;
    super.draw();
    const { control } = this;
    control?.addEventListener('input', () => this.told(control, 'input'));
    control?.addEventListener('change', () => this.told(control, 'change'));
  }

  told(control: HTMLInputElement, name: string): void {
    this.#value = control.value;
    this.inside.setFormValue(this.#value);
    this.dispatchEvent(new Event(name, { bubbles: true, composed: true }));
  }
}
class Password extends Field { override kind(): string { return 'password'; } }
class NumberField extends Field { override kind(): string { return 'number'; } }
class Area extends Field { override box(): string { return `<textarea id="f" rows="${escape(this.says('rows') || '4')}">${escape(this.value)}</textarea>`; } }
class Select extends Field {
  override box(): string {
    const options = [...this.querySelectorAll('s-option')].map((one) => `<option value="${escape(one.getAttribute('value') ?? '')}"${(one.getAttribute('value') ?? '') === this.value ? ' selected' : ''}>${escape(one.textContent ?? '')}</option>`);
    return `<select id="f">${options.join('')}</select>`;
  }
  override connectedCallback(): void {
    super.connectedCallback();
    new MutationObserver(() => this.draw()).observe(this, { childList: true, subtree: true, characterData: true });
  }
}
class Checkbox extends Field {
  #checked: boolean | null = null;
  get checked(): boolean { return this.#checked ?? this.hasAttribute('checked'); }
  set checked(value: boolean) { this.#checked = Boolean(value); this.inside.setFormValue(this.#checked ? 'on' : null); this.draw(); }
  override html(): string { return `<style>:host{display:block}label{display:flex;gap:.6rem;align-items:center;min-height:2.75rem}input{width:1.25rem;height:1.25rem}small{color:${SOFT}}</style><label><input id="f" type="checkbox"${this.checked ? ' checked' : ''}>${escape(this.says('label'))}</label>${this.says('details') && `<small>${escape(this.says('details'))}</small>`}`; }
  override told(control: HTMLInputElement, name: string): void {
    this.#checked = control.checked;
    this.inside.setFormValue(control.checked ? 'on' : null);
    this.dispatchEvent(new Event(name, { bubbles: true, composed: true }));
  }
}

const ALL: Record<string, CustomElementConstructor> = {
  's-section': Section, 's-page': Page, 's-stack': Stack, 's-box': Box, 's-text': Text, 's-paragraph': Paragraph, 's-heading': Heading, 's-banner': Banner, 's-badge': Badge, 's-divider': Divider, 's-spinner': Wait, 's-skeleton-paragraph': Wait,
  's-image': Picture, 's-qr-code': QrCode, 's-button': Button, 's-link': Link, 's-clipboard-item': Clipboard, 's-text-field': Field, 's-password-field': Password, 's-number-field': NumberField, 's-text-area': Area, 's-select': Select, 's-checkbox': Checkbox, 's-switch': Checkbox,
  's-email-field': class extends Field { override kind(): string { return 'email'; } }, 's-url-field': class extends Field { override kind(): string { return 'url'; } }, 's-search-field': class extends Field { override kind(): string { return 'search'; } }, 's-admin-block': Section,
};
for (const [name, piece] of Object.entries(ALL)) if (!customElements.get(name)) customElements.define(name, class extends piece {});

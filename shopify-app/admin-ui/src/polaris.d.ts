// Polaris' web components as this page uses them: any attribute, any event.

import 'preact';

declare module 'preact' {
  namespace createElement.JSX {
    interface IntrinsicElements {
      [element: `s-${string}`]: any;
    }
  }
}

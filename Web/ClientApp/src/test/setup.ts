import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach, beforeEach, vi } from 'vitest';
import { resetRuntimeConfig } from '../api/runtimeConfig';

// A test waits for what it waits for; how busy the machine is decides nothing.
configure({ asyncUtilTimeout: 20_000 });

const viewportHeight = 400;
const rowHeight = 20;

// jsdom lays nothing out; the virtual list needs sizes to decide what is visible.
Object.defineProperties(HTMLElement.prototype, {
  offsetHeight: {
    configurable: true,
    get(this: HTMLElement) {
      return this.dataset.index === undefined ? viewportHeight : rowHeight;
    },
  },
  clientHeight: { configurable: true, get: () => viewportHeight },
  clientWidth: { configurable: true, get: () => 800 },
});
// jsdom draws nothing, and says so loudly when axe asks.
HTMLCanvasElement.prototype.getContext = () => null;
Element.prototype.scrollIntoView = () => undefined;
Element.prototype.scrollTo = function scrollTo(this: Element, options?: ScrollToOptions | number) {
  if (typeof options === 'object') this.scrollTop = options.top ?? this.scrollTop;
  this.dispatchEvent(new Event('scroll'));
};
window.scrollTo = () => undefined;

beforeEach(() => {
  window.matchMedia = (query: string) =>
    ({
      matches: query.includes('min-width'),
      media: query,
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    }) as unknown as MediaQueryList;
});

afterEach(() => {
  cleanup();
  localStorage.clear();
  resetRuntimeConfig();
  vi.unstubAllGlobals();
});

/** Light or dark: what the device says, until the person chooses. The class on the root is the design system's. */
import { useSyncExternalStore } from 'react';

export type ThemeName = 'light' | 'dark';

const keptAs = 'fyr-theme';
const deviceIsDark = (): MediaQueryList => matchMedia('(prefers-color-scheme: dark)');
const paper = (): MediaQueryList => matchMedia('print');

function chosen(): ThemeName | undefined {
  const kept = localStorage.getItem(keptAs);
  return kept === 'light' || kept === 'dark' ? kept : undefined;
}

export function currentTheme(): ThemeName {
  return chosen() ?? (deviceIsDark().matches ? 'dark' : 'light');
}

function show(): void {
  const root = document.documentElement;
  root.classList.remove('light', 'dark');
  // Paper is white, whatever the screen is.
  root.classList.add(paper().matches ? 'light' : currentTheme());
  root.dispatchEvent(new Event('fyr-theme'));
}

/** Before the first drawing. */
export function startTheme(): void {
  show();
  deviceIsDark().addEventListener('change', show);
  paper().addEventListener('change', show);
}

export function chooseTheme(theme: ThemeName): void {
  localStorage.setItem(keptAs, theme);
  show();
}

export function useTheme(): ThemeName {
  return useSyncExternalStore((changed) => {
    document.documentElement.addEventListener('fyr-theme', changed);
    return () => document.documentElement.removeEventListener('fyr-theme', changed);
  }, currentTheme);
}

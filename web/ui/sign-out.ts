/** Tells what else this browser keeps (the ward's copy) that somebody signs out: it is shown to nobody after. */

export function noteSignOut(): void {
  localStorage.setItem('fyr-signed-out', String(Date.now()));
}

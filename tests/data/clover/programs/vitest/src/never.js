export function never(loaded) {
  if (loaded) return 1;
  return 2;
}

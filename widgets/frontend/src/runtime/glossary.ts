export function followGlossary(): void {}

/** The sources of packages, for a bundler's table of aliases. */
export function sourcesOf(folders: readonly string[]): Record<string, string>;

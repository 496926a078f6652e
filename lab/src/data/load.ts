export async function loadData(size: 'tiny' | 'small' | { readonly tables: number }): Promise<void> { throw new Error(`not yet ${String(size)}`); }

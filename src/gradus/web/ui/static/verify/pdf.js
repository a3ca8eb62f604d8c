export async function openPdf() { throw new Error("not yet"); }

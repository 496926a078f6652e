import { request } from 'node:http';

/**
 * Sends a file to the DataNode that the NameNode named. Not by `fetch`: a DataNode answers `100 Continue` without being asked,
 * which undici takes for a bad response.
 */
export function upload(url: string, content: string | Uint8Array): Promise<Response> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: 'PUT', headers: { 'content-type': 'application/octet-stream', 'content-length': Buffer.byteLength(content) } },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => resolve(new Response(Buffer.concat(chunks).toString('utf8'), { status: answer.statusCode ?? 500 })));
      },
    );
    sent.on('error', reject);
    sent.end(content);
  });
}

/** What part of a file has been sent, from 0 to 1. */
export type Progress = (part: number) => void;

interface FileRequest {
  url: URL;
  method: string;
  headers: Record<string, string>;
  file: Blob | FormData;
  signal?: AbortSignal;
  onProgress: Progress;
}

/** What fetch cannot do: sends a file and tells how far it is. Fails and aborts as fetch does. */
export function sendFile({ url, method, headers, file, signal, onProgress }: FileRequest): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal?.addEventListener('abort', abort);
    request.onloadend = () => signal?.removeEventListener('abort', abort);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => resolve(answerOf(request));
    request.onerror = () => reject(new TypeError('The connection failed.'));
    request.onabort = () => reject(stopped());
    request.open(method, url);
    request.withCredentials = true;
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    // Before it is sent there is nothing to abort, and nobody would be told.
    if (signal?.aborted) reject(stopped());
    else request.send(file);
  });
}

const stopped = () => new DOMException('The upload was stopped.', 'AbortError');

function answerOf(request: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const line of request.getAllResponseHeaders().split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  // A Response with one of these must have no body.
  const empty = request.status === 204 || request.status === 304;
  return new Response(empty ? null : request.responseText, { status: request.status, headers });
}

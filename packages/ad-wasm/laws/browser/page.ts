// The script of a page: it tells its story to the server that it came from.
import { tell } from "./story.ts";

const send = (said: unknown): Promise<unknown> => fetch("/told", { method: "POST", body: JSON.stringify(said) });

tell().then(send, (error) => send({ error: String(error) }));

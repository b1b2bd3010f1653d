import { tryAll } from "./built/client.js";

for (const line of await tryAll(process.argv[2])) {
  console.log(line);
}

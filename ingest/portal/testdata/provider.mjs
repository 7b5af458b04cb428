// A real OpenID Connect provider (panva's, certified) on this machine, for the tests: anyone
// signs in there under the name that they type. It prints the port on which it listens, takes
// the redirect_uri from the first line of its input, and ends with that.
import http from "node:http";
import readline from "node:readline";
import Provider from "oidc-provider";

const server = http.createServer();
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
const lines = readline.createInterface({ input: process.stdin });
lines.once("line", (redirect) => {
  const provider = new Provider(`http://localhost:${server.address().port}`, {
    clients: [{ client_id: "tipstat", client_secret: process.env.CLIENT_SECRET, redirect_uris: [redirect] }],
    pkce: { required: () => true },
    cookies: { keys: ["of the tests"] },
  });
  server.on("request", provider.callback());
  console.log("ready");
});
lines.once("close", () => process.exit(0));

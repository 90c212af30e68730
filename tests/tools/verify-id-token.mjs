// Verifies an ID token with jose, which shares no code with the provider.
//
// stdin:  { "jwks": {…}, "id_token": "…", "issuer": "…", "audience": "…", "now": 1700000000 }
//         `now` (Unix seconds) stands in for the machine's clock; without it the machine's clock counts.
// stdout: { "header": {…}, "payload": {…} }
// exit:   0 verified, 1 refused (the reason is on stderr), 2 the input is not what it should be
//
// Checked: the signature, by an algorithm of the provider's and by the one key that `kid` names; `iss`, `aud` and `exp`; that `sub` and
// `iat` are there and `iat` is not in the future (OpenID Connect Core 1.0 §3.1.3.7, as far as one token can show).

import { text } from "node:stream/consumers";
import { createLocalJWKSet, errors, jwtVerify } from "jose";

const REQUIRED = ["jwks", "id_token", "issuer", "audience"];

function leave(code, message) {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

async function readInput() {
  let input;
  try {
    input = JSON.parse(await text(process.stdin));
  } catch (error) {
    leave(2, `stdin is not JSON: ${error.message}`);
  }
  // jose leaves out the check of `iss` or `aud` when it is told nothing about it: an absent value must not pass.
  const missing = REQUIRED.filter((name) => !input?.[name]);
  if (missing.length > 0) {
    leave(2, `stdin lacks ${missing.join(", ")}`);
  }
  if (input.now !== undefined && !Number.isFinite(input.now)) {
    leave(2, "`now` is not a number of seconds");
  }
  return input;
}

const { jwks, id_token: idToken, issuer, audience, now } = await readInput();
const currentDate = now === undefined ? new Date() : new Date(now * 1000);

try {
  const { protectedHeader, payload } = await jwtVerify(idToken, createLocalJWKSet(jwks), {
    algorithms: ["ES256", "RS256", "PS256", "EdDSA"],
    issuer,
    audience,
    currentDate,
    requiredClaims: ["sub", "exp", "iat"],
  });
  if (payload.iat > currentDate.getTime() / 1000) {
    leave(1, `iat ${payload.iat} is in the future`);
  }
  process.stdout.write(`${JSON.stringify({ header: protectedHeader, payload })}\n`);
} catch (error) {
  if (!(error instanceof errors.JOSEError)) {
    leave(2, error.stack);
  }
  leave(1, `${error.code}: ${error.message}`);
}

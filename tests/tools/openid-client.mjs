// A relying party made of openid-client, which shares no code with the provider. The test is its browser.
//
// Reads commands, one JSON object a line, and answers each with one line: {"ok": …} or {"error": "…"}.
//   {"do": "discover", "issuer", "client_id", "client_secret" | "private_jwk", "metadata"?}
//   {"do": "start", "redirect_uri", "scope", "parameters"?}  → {"url"}: where the person goes
//   {"do": "finish", "url"}                                   → {"claims", "expires_in", "refreshable"}: the way back
//   {"do": "userinfo"} · {"do": "refresh"} · {"do": "introspect"} · {"do": "revoke"}
//   {"do": "logout", "post_logout_redirect_uri", "state"}     → {"url"}: where the person signs out

import { createInterface } from "node:readline";
import { webcrypto } from "node:crypto";

// Node 18 has both, but not as globals.
globalThis.crypto ??= webcrypto;
globalThis.CryptoKey ??= webcrypto.CryptoKey;

const oidc = await import("openid-client");

let config;
let started;
let tokens;
let subject;

async function authentication({ client_secret: secret, private_jwk: jwk, metadata }) {
  if (jwk) {
    const ecdsa = { name: "ECDSA", namedCurve: jwk.crv };
    const key = await crypto.subtle.importKey("jwk", jwk, ecdsa, false, ["sign"]);
    return oidc.PrivateKeyJwt({ key, kid: jwk.kid });
  }
  if (!secret) {
    return oidc.None();
  }
  return metadata?.token_endpoint_auth_method === "client_secret_post"
    ? oidc.ClientSecretPost(secret)
    : oidc.ClientSecretBasic(secret);
}

const commands = {
  async discover(command) {
    config = await oidc.discovery(
      new URL(command.issuer),
      command.client_id,
      command.metadata ?? {},
      await authentication(command),
      // The tests' provider is on loopback.
      { execute: [oidc.allowInsecureRequests] },
    );
    return { endpoints: config.serverMetadata() };
  },

  async start({ redirect_uri, scope, parameters = {} }) {
    const verifier = oidc.randomPKCECodeVerifier();
    started = { verifier, state: oidc.randomState(), nonce: oidc.randomNonce(), parameters };
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri,
      scope,
      state: started.state,
      nonce: started.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      ...parameters,
    });
    return { url: url.href };
  },

  async finish({ url }) {
    tokens = await oidc.authorizationCodeGrant(config, new URL(url), {
      pkceCodeVerifier: started.verifier,
      expectedState: started.state,
      expectedNonce: started.nonce,
      idTokenExpected: true,
      ...(started.parameters.max_age && { maxAge: Number(started.parameters.max_age) }),
    });
    subject = tokens.claims().sub;
    return { claims: tokens.claims(), expires_in: tokens.expires_in, refreshable: Boolean(tokens.refresh_token) };
  },

  async userinfo() {
    return { claims: await oidc.fetchUserInfo(config, tokens.access_token, subject) };
  },

  async refresh() {
    const before = tokens;
    tokens = await oidc.refreshTokenGrant(config, before.refresh_token);
    return {
      claims: tokens.claims() ?? null,
      rotated: tokens.refresh_token !== before.refresh_token,
      renewed: tokens.access_token !== before.access_token,
    };
  },

  async introspect() {
    return await oidc.tokenIntrospection(config, tokens.access_token);
  },

  async revoke() {
    await oidc.tokenRevocation(config, tokens.refresh_token);
    return {};
  },

  async logout({ post_logout_redirect_uri, state }) {
    const url = oidc.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri,
      state,
    });
    return { url: url.href };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const command = JSON.parse(line);
    answer = { ok: await commands[command.do](command) };
  } catch (error) {
    answer = { error: `${error.name}: ${error.message} ${error.error ?? ""} ${error.cause ? JSON.stringify(error.cause) : ""}`.trim() };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

"""A relying party made of Authlib, which shares no code with the provider. The test is its browser.

Reads commands, one JSON object a line, and answers each with one line: {"ok": …} or {"error": "…"}. The commands are
those of openid-client.mjs.
"""

import json
import os
import sys
from urllib.parse import urlencode

# The tests' provider is on loopback.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import OpenIDProviderMetadata
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet


class RelyingParty:
    def discover(self, command):
        address = command["issuer"] + "/.well-known/openid-configuration"
        answer = requests.get(address, timeout=10)
        answer.raise_for_status()
        self.provider = answer.json()
        # Authlib's own rules for what a provider may publish; those about https do not hold on loopback.
        metadata = OpenIDProviderMetadata(self.provider)
        for name in metadata.REGISTRY_KEYS:
            check = getattr(metadata, f"validate_{name}", None)
            if check and not name.endswith(("endpoint", "uri")) and name != "issuer":
                check()
        method = command.get("metadata", {}).get("token_endpoint_auth_method", "client_secret_basic")
        self.algorithm = command.get("metadata", {}).get("id_token_signed_response_alg", "RS256")
        secret = command.get("client_secret")
        if command.get("private_jwk"):
            secret, method = ECKey.import_key(command["private_jwk"]), "private_key_jwt"
        self.session = OAuth2Session(
            command["client_id"],
            secret,
            token_endpoint_auth_method=method,
            revocation_endpoint_auth_method=method,
            code_challenge_method="S256",
        )
        if method == "private_key_jwt":
            key = command["private_jwk"]
            headers = {"kid": key["kid"]}
            self.session.register_client_auth_method(
                PrivateKeyJWT(self.provider["token_endpoint"], alg=key["alg"], headers=headers)
            )
        return {"endpoints": self.provider}

    def start(self, command):
        self.verifier = generate_token(48)
        self.nonce = generate_token(20)
        self.session.scope = command["scope"]
        self.session.redirect_uri = command["redirect_uri"]
        url, self.state = self.session.create_authorization_url(
            self.provider["authorization_endpoint"],
            code_verifier=self.verifier,
            nonce=self.nonce,
            **command.get("parameters", {}),
        )
        return {"url": url}

    def finish(self, command):
        self.tokens = self.session.fetch_token(
            self.provider["token_endpoint"],
            authorization_response=command["url"],
            state=self.state,
            code_verifier=self.verifier,
        )
        claims = self.verified(self.tokens["id_token"], self.tokens["access_token"], self.nonce)
        return {
            "claims": claims,
            "expires_in": self.tokens["expires_in"],
            "refreshable": "refresh_token" in self.tokens,
        }

    def verified(self, id_token, access_token, nonce):
        keys = KeySet.import_key_set(requests.get(self.provider["jwks_uri"], timeout=10).json())
        token = jwt.decode(id_token, keys, algorithms=[self.algorithm])
        claims = CodeIDToken(
            token.claims,
            token.header,
            {
                "iss": {"essential": True, "value": self.provider["issuer"]},
                "aud": {"essential": True, "value": self.session.client_id},
            },
            {"nonce": nonce, "client_id": self.session.client_id, "access_token": access_token},
        )
        claims.validate(leeway=5)
        return dict(token.claims)

    def userinfo(self, _):
        answer = self.session.get(self.provider["userinfo_endpoint"])
        answer.raise_for_status()
        return {"claims": answer.json()}

    def refresh(self, _):
        before = dict(self.tokens)
        self.tokens = self.session.refresh_token(
            self.provider["token_endpoint"], refresh_token=before["refresh_token"]
        )
        claims = None
        if "id_token" in self.tokens and self.tokens["id_token"] != before["id_token"]:
            claims = self.verified(self.tokens["id_token"], self.tokens["access_token"], None)
        return {
            "claims": claims,
            "rotated": self.tokens["refresh_token"] != before["refresh_token"],
            "renewed": self.tokens["access_token"] != before["access_token"],
        }

    def introspect(self, _):
        answer = self.session.introspect_token(
            self.provider["introspection_endpoint"], token=self.tokens["access_token"]
        )
        answer.raise_for_status()
        return answer.json()

    def revoke(self, _):
        answer = self.session.revoke_token(
            self.provider["revocation_endpoint"],
            token=self.tokens["refresh_token"],
            token_type_hint="refresh_token",
        )
        answer.raise_for_status()
        return {}

    def logout(self, command):
        query = urlencode(
            {
                "id_token_hint": self.tokens["id_token"],
                "post_logout_redirect_uri": command["post_logout_redirect_uri"],
                "state": command["state"],
            }
        )
        return {"url": self.provider["end_session_endpoint"] + "?" + query}


def main():
    party = RelyingParty()
    for line in sys.stdin:
        try:
            command = json.loads(line)
            answer = {"ok": getattr(party, command["do"])(command)}
        except Exception as error:  # whatever it is, the test reads it
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()

//! Signing keys over aws-lc-rs: openidconnect's signing-key trait for ID tokens, and compact JWS for access tokens,
//! whose `typ` openidconnect cannot set. Keys are parsed once.

use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
    RsaKeyPair,
};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey};
use openidconnect::core::{CoreJsonCurveType, CoreJsonWebKey, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKeyId, PrivateSigningKey, SigningError};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::domain::token::SigningAlgorithm;

/// A parsed private key with everything that is derived from it.
pub struct SigningKey {
    kid: String,
    pair: KeyPairOf,
    public: serde_json::Value,
    verification: CoreJsonWebKey,
    decoding: DecodingKey,
}

enum KeyPairOf {
    Es256(EcdsaKeyPair),
    Rs256(RsaKeyPair),
    /// A key of its own: one RSA key must not serve two paddings (RFC 8725 §3.1, NIST SP 800-57 §5.2).
    Ps256(RsaKeyPair),
    EdDsa(Ed25519KeyPair),
}

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("no key could be made")]
    Generation,
    #[error("the stored key cannot be read")]
    Unreadable,
    #[error("signing failed")]
    Signing,
    #[error("claims cannot be written as JSON: {0}")]
    Claims(#[from] serde_json::Error),
}

impl SigningKey {
    /// A new private key in PKCS #8.
    ///
    /// # Errors
    /// If the cryptographic library gives none.
    pub fn generate(algorithm: SigningAlgorithm) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let der = match algorithm {
            SigningAlgorithm::ES256 => EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)
                .and_then(|pair| pair.to_pkcs8v1())
                .map_err(|_| KeyError::Generation)?
                .as_ref()
                .to_vec(),
            SigningAlgorithm::EdDsa => Ed25519KeyPair::generate()
                .and_then(|pair| pair.to_pkcs8v1())
                .map_err(|_| KeyError::Generation)?
                .as_ref()
                .to_vec(),
            SigningAlgorithm::RS256 | SigningAlgorithm::PS256 => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::Generation)?;
                let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyError::Generation)?;
                der.as_ref().to_vec()
            }
        };
        Ok(Zeroizing::new(der))
    }

    /// # Errors
    /// If the bytes are not such a key in PKCS #8.
    pub fn parse(algorithm: SigningAlgorithm, pkcs8: &[u8]) -> Result<Self, KeyError> {
        let (pair, mut public) = match algorithm {
            SigningAlgorithm::ES256 => {
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8)
                    .map_err(|_| KeyError::Unreadable)?;
                // SEC 1 §2.3.3: 0x04, then the two coordinates.
                let point = pair.public_key().as_ref();
                let (x, y) = point.get(1..33).zip(point.get(33..65)).ok_or(KeyError::Unreadable)?;
                let public = serde_json::json!({
                    "kty": "EC", "crv": "P-256",
                    "x": BASE64_URL_SAFE_NO_PAD.encode(x), "y": BASE64_URL_SAFE_NO_PAD.encode(y),
                });
                (KeyPairOf::Es256(pair), public)
            }
            SigningAlgorithm::EdDsa => {
                let pair = Ed25519KeyPair::from_pkcs8(pkcs8).map_err(|_| KeyError::Unreadable)?;
                let public = serde_json::json!({
                    "kty": "OKP", "crv": "Ed25519", "x": BASE64_URL_SAFE_NO_PAD.encode(pair.public_key()),
                });
                (KeyPairOf::EdDsa(pair), public)
            }
            SigningAlgorithm::RS256 | SigningAlgorithm::PS256 => {
                let pair = RsaKeyPair::from_pkcs8(pkcs8).map_err(|_| KeyError::Unreadable)?;
                let key = pair.public_key();
                let public = serde_json::json!({
                    "kty": "RSA",
                    "n": BASE64_URL_SAFE_NO_PAD.encode(key.modulus().big_endian_without_leading_zero()),
                    "e": BASE64_URL_SAFE_NO_PAD.encode(key.exponent().big_endian_without_leading_zero()),
                });
                let pair = if algorithm == SigningAlgorithm::RS256 {
                    KeyPairOf::Rs256(pair)
                } else {
                    KeyPairOf::Ps256(pair)
                };
                (pair, public)
            }
        };
        let jwk: Jwk = serde_json::from_value(public.clone())?;
        let kid = jwk.thumbprint(ThumbprintHash::SHA256).map_err(|_| KeyError::Unreadable)?;
        let decoding = DecodingKey::from_jwk(&jwk).map_err(|_| KeyError::Unreadable)?;
        public["kid"] = kid.clone().into();
        public["use"] = "sig".into();
        public["alg"] = algorithm.as_str().into();
        let verification = verification_key(&pair, &kid)?;
        Ok(Self { kid, pair, public, verification, decoding })
    }

    /// RFC 7638 thumbprint.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    pub fn algorithm(&self) -> SigningAlgorithm {
        match self.pair {
            KeyPairOf::Es256(_) => SigningAlgorithm::ES256,
            KeyPairOf::Rs256(_) => SigningAlgorithm::RS256,
            KeyPairOf::Ps256(_) => SigningAlgorithm::PS256,
            KeyPairOf::EdDsa(_) => SigningAlgorithm::EdDsa,
        }
    }

    /// The public key as it is published (RFC 7517).
    pub fn public_jwk(&self) -> &serde_json::Value {
        &self.public
    }

    pub fn decoding_key(&self) -> &DecodingKey {
        &self.decoding
    }

    /// A compact JWS (RFC 7515 §7.1) with the given `typ`.
    ///
    /// # Errors
    /// If the claims cannot be written, or the library refuses to sign.
    pub fn sign_jwt(&self, typ: &str, claims: &impl Serialize) -> Result<String, KeyError> {
        let header = serde_json::json!({"typ": typ, "alg": self.algorithm().as_str(), "kid": self.kid});
        let message = format!(
            "{}.{}",
            BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(&header)?),
            BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(claims)?),
        );
        let signature = self.sign_bytes(message.as_bytes()).ok_or(KeyError::Signing)?;
        Ok(format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)))
    }

    fn sign_bytes(&self, message: &[u8]) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        match &self.pair {
            KeyPairOf::Es256(pair) => Some(pair.sign(&random, message).ok()?.as_ref().to_vec()),
            KeyPairOf::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).ok()?;
                Some(signature)
            }
            KeyPairOf::Ps256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PSS_SHA256, &random, message, &mut signature).ok()?;
                Some(signature)
            }
            KeyPairOf::EdDsa(pair) => Some(pair.sign(message).as_ref().to_vec()),
        }
    }
}

/// How openidconnect names our algorithms.
pub const fn jws_algorithm(algorithm: SigningAlgorithm) -> CoreJwsSigningAlgorithm {
    match algorithm {
        SigningAlgorithm::ES256 => CoreJwsSigningAlgorithm::EcdsaP256Sha256,
        SigningAlgorithm::RS256 => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
        SigningAlgorithm::PS256 => CoreJwsSigningAlgorithm::RsaSsaPssSha256,
        SigningAlgorithm::EdDsa => CoreJwsSigningAlgorithm::EdDsa,
    }
}

/// How jsonwebtoken names them.
pub const fn jwt_algorithm(algorithm: SigningAlgorithm) -> Algorithm {
    match algorithm {
        SigningAlgorithm::ES256 => Algorithm::ES256,
        SigningAlgorithm::RS256 => Algorithm::RS256,
        SigningAlgorithm::PS256 => Algorithm::PS256,
        SigningAlgorithm::EdDsa => Algorithm::EdDSA,
    }
}

fn verification_key(pair: &KeyPairOf, kid: &str) -> Result<CoreJsonWebKey, KeyError> {
    let kid = Some(JsonWebKeyId::new(kid.to_owned()));
    match pair {
        KeyPairOf::Es256(pair) => {
            let point = pair.public_key().as_ref();
            let (x, y) = point.get(1..33).zip(point.get(33..65)).ok_or(KeyError::Unreadable)?;
            Ok(CoreJsonWebKey::new_ec(x.to_vec(), y.to_vec(), CoreJsonCurveType::P256, kid))
        }
        KeyPairOf::EdDsa(pair) => {
            let x = pair.public_key().as_ref().to_vec();
            Ok(CoreJsonWebKey::new_okp(x, CoreJsonCurveType::Ed25519, kid))
        }
        KeyPairOf::Rs256(pair) | KeyPairOf::Ps256(pair) => {
            let key = pair.public_key();
            let n = key.modulus().big_endian_without_leading_zero().to_vec();
            let e = key.exponent().big_endian_without_leading_zero().to_vec();
            Ok(CoreJsonWebKey::new_rsa(n, e, kid))
        }
    }
}

impl PrivateSigningKey for SigningKey {
    type VerificationKey = CoreJsonWebKey;

    fn sign(&self, algorithm: &CoreJwsSigningAlgorithm, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        if *algorithm != jws_algorithm(self.algorithm()) {
            return Err(SigningError::UnsupportedAlg(format!("{algorithm:?}")));
        }
        self.sign_bytes(message).ok_or_else(|| SigningError::Other("the library refused to sign".to_owned()))
    }

    fn as_verification_key(&self) -> CoreJsonWebKey {
        self.verification.clone()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.kid)
            .field("algorithm", &self.algorithm())
            .finish_non_exhaustive()
    }
}

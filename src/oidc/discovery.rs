//! Discovery (OpenID Connect Discovery §3). Every list comes from the enum that the code itself uses, so that it
//! cannot drift.

use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreResponseMode,
    CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::{
    AdditionalProviderMetadata, AuthUrl, AuthenticationContextClass, IssuerUrl, JsonWebKeySetUrl,
    LanguageTag, OpPolicyUrl, OpTosUrl, ProviderMetadata, RegistrationUrl, ResponseTypes, Scope,
    ServiceDocUrl, TokenUrl, UserInfoUrl,
};
use serde::{Deserialize, Serialize};

use super::error::Failure;
use super::provider::{Provider, paths};
use super::{claims, pkce};
use crate::crypto::signing::jws_algorithm;
use crate::domain::authorization::{Display, Prompt, ResponseMode};
use crate::domain::client::{ClientAuthMethod, GrantType, RegistrationMode, SubjectType};
use crate::domain::locale::Locale;
use crate::domain::scope;
use crate::domain::session::Acr;
use crate::domain::token::SigningAlgorithm;
use crate::storage::regulations;

/// Metadata that openidconnect has no field for.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct FurtherMetadata {
    /// OpenID Connect RP-Initiated Logout §2.1.
    end_session_endpoint: String,
    /// RFC 8414 §2, for these four.
    introspection_endpoint: String,
    introspection_endpoint_auth_methods_supported: Vec<CoreClientAuthMethod>,
    revocation_endpoint: String,
    revocation_endpoint_auth_methods_supported: Vec<CoreClientAuthMethod>,
    /// OpenID Connect Back-Channel Logout §2.1.
    backchannel_logout_supported: bool,
    backchannel_logout_session_supported: bool,
    /// RFC 8414 §2.
    code_challenge_methods_supported: Vec<String>,
    /// RFC 9207 §3.
    authorization_response_iss_parameter_supported: bool,
    /// OpenID Connect Prompt Create §4.
    prompt_values_supported: Vec<String>,
}

impl AdditionalProviderMetadata for FurtherMetadata {}

type Metadata = ProviderMetadata<
    FurtherMetadata,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    openidconnect::core::CoreJweContentEncryptionAlgorithm,
    openidconnect::core::CoreJweKeyManagementAlgorithm,
    openidconnect::core::CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

impl Provider {
    /// The provider's metadata.
    ///
    /// # Errors
    /// If the issuer is no address, which the configuration rules out.
    pub async fn discovery(&self) -> Result<serde_json::Value, Failure> {
        let url = |path: &str| self.address(path);
        // Checked together: an issuer that is an address makes all of them addresses.
        let parsed = |error: url::ParseError| Failure::internal(error);
        let metadata = Metadata::new(
            IssuerUrl::new(self.issuer.clone()).map_err(parsed)?,
            AuthUrl::new(url(paths::AUTHORIZATION)).map_err(parsed)?,
            JsonWebKeySetUrl::new(url(paths::JWKS)).map_err(parsed)?,
            vec![ResponseTypes::new(vec![CoreResponseType::Code])],
            SubjectType::ALL.map(subject_type).to_vec(),
            SigningAlgorithm::ALL.into_iter().map(jws_algorithm).collect(),
            FurtherMetadata {
                end_session_endpoint: url(paths::LOGOUT),
                introspection_endpoint: url(paths::INTROSPECTION),
                // Whoever asks must prove who they are.
                introspection_endpoint_auth_methods_supported: ClientAuthMethod::ALL
                    .into_iter()
                    .filter(|method| *method != ClientAuthMethod::None)
                    .map(auth_method)
                    .collect(),
                revocation_endpoint: url(paths::REVOCATION),
                revocation_endpoint_auth_methods_supported: ClientAuthMethod::ALL.map(auth_method).to_vec(),
                backchannel_logout_supported: true,
                backchannel_logout_session_supported: true,
                code_challenge_methods_supported: vec![pkce::METHOD.to_owned()],
                authorization_response_iss_parameter_supported: true,
                prompt_values_supported: Prompt::ALL.map(|prompt| prompt.as_str().to_owned()).to_vec(),
            },
        )
        .set_token_endpoint(Some(TokenUrl::new(url(paths::TOKEN)).map_err(parsed)?))
        .set_userinfo_signing_alg_values_supported(Some(
            SigningAlgorithm::ALL.into_iter().map(jws_algorithm).collect(),
        ))
        .set_userinfo_endpoint(Some(UserInfoUrl::new(url(paths::USERINFO)).map_err(parsed)?))
        .set_registration_endpoint(match self.registration.mode {
            RegistrationMode::Off => None,
            _ => Some(RegistrationUrl::new(url(paths::REGISTRATION)).map_err(parsed)?),
        })
        .set_scopes_supported(Some(
            scope::IDENTITY.into_iter().map(|value| Scope::new(value.to_owned())).collect(),
        ))
        .set_response_modes_supported(Some(ResponseMode::ALL.map(response_mode).to_vec()))
        .set_display_values_supported(Some(Display::ALL.map(display).to_vec()))
        .set_grant_types_supported(Some(GrantType::ALL.map(grant_type).to_vec()))
        .set_token_endpoint_auth_methods_supported(Some(ClientAuthMethod::ALL.map(auth_method).to_vec()))
        .set_token_endpoint_auth_signing_alg_values_supported(Some(
            SigningAlgorithm::ALL.into_iter().map(jws_algorithm).collect(),
        ))
        .set_acr_values_supported(Some(
            Acr::ALL.map(|acr| AuthenticationContextClass::new(acr.urn().to_owned())).to_vec(),
        ))
        .set_claims_supported(Some(
            claims::supported().into_iter().map(|name| CoreClaimName::new(name.to_owned())).collect(),
        ))
        .set_claim_types_supported(Some(vec![CoreClaimType::Normal]))
        .set_ui_locales_supported(Some(
            Locale::ALL.map(|locale| LanguageTag::new(locale.tag().to_owned())).to_vec(),
        ))
        .set_service_documentation(
            self.publications
                .service_documentation
                .clone()
                .map(ServiceDocUrl::new)
                .transpose()
                .map_err(parsed)?,
        )
        .set_op_policy_uri(
            self.publications.client_policy.clone().map(OpPolicyUrl::new).transpose().map_err(parsed)?,
        )
        .set_op_tos_uri(if self.has_regulations().await {
            Some(OpTosUrl::new(url(paths::REGULATIONS)).map_err(parsed)?)
        } else {
            None
        })
        .set_claims_parameter_supported(Some(true))
        .set_request_parameter_supported(Some(true))
        .set_request_object_signing_alg_values_supported(Some(
            SigningAlgorithm::ALL.into_iter().map(jws_algorithm).collect(),
        ))
        .set_request_uri_parameter_supported(Some(false));
        serde_json::to_value(metadata).map_err(Failure::internal)
    }

    /// Is there a version of the Regulations to read? Relying parties need the rest even while the database is away.
    async fn has_regulations(&self) -> bool {
        match regulations::current_edition(self.database.read()).await {
            Ok(edition) => edition.is_some(),
            Err(error) => {
                tracing::warn!(%error, "the metadata leaves the Regulations out");
                false
            }
        }
    }
}

fn response_mode(mode: ResponseMode) -> CoreResponseMode {
    match mode {
        ResponseMode::Query => CoreResponseMode::Query,
        ResponseMode::Fragment => CoreResponseMode::Fragment,
        ResponseMode::FormPost => CoreResponseMode::FormPost,
    }
}

fn display(display: Display) -> CoreAuthDisplay {
    match display {
        Display::Page => CoreAuthDisplay::Page,
        Display::Popup => CoreAuthDisplay::Popup,
        Display::Touch => CoreAuthDisplay::Touch,
        Display::Wap => CoreAuthDisplay::Wap,
    }
}

fn grant_type(grant_type: GrantType) -> CoreGrantType {
    match grant_type {
        GrantType::AuthorizationCode => CoreGrantType::AuthorizationCode,
        GrantType::RefreshToken => CoreGrantType::RefreshToken,
        GrantType::ClientCredentials => CoreGrantType::ClientCredentials,
    }
}

fn auth_method(method: ClientAuthMethod) -> CoreClientAuthMethod {
    match method {
        ClientAuthMethod::ClientSecretBasic => CoreClientAuthMethod::ClientSecretBasic,
        ClientAuthMethod::ClientSecretPost => CoreClientAuthMethod::ClientSecretPost,
        ClientAuthMethod::PrivateKeyJwt => CoreClientAuthMethod::PrivateKeyJwt,
        ClientAuthMethod::None => CoreClientAuthMethod::None,
    }
}

fn subject_type(subject_type: SubjectType) -> CoreSubjectIdentifierType {
    match subject_type {
        SubjectType::Public => CoreSubjectIdentifierType::Public,
        SubjectType::Pairwise => CoreSubjectIdentifierType::Pairwise,
    }
}

//! Profiles: the login of well-known registries, from their public documentation and from measurements.
//!
//! A profile sets authentication, user names, and the repositories that must exist before the first push; some set
//! what those registries do not support. A new profile is a row here, and a page in `docs/registries/`, which says what
//! was measured.

use super::auth::{ChallengeForm, MissingRepository, Scheme};
use super::options::{Deletion, Options};
use super::variants::variant;

/// The login of a well-known registry.
#[derive(Debug)]
pub struct Profile {
    /// Its permanent name.
    pub id: &'static str,
    /// The registry that it imitates.
    pub title: &'static str,
    /// What is particular to it, a sentence each.
    pub particulars: &'static [&'static str],
    /// The URLs of its documentation.
    pub sources: &'static [&'static str],
    /// The user names that may log in; each may push.
    pub users: &'static [&'static str],
    /// Two repositories for a run.
    pub repositories: [&'static str; 2],
    /// See [`Login::repositories`](super::auth::Login::repositories).
    known_repositories: &'static [&'static str],
    /// The permitted variants that describe it.
    variants: &'static [&'static str],
    /// Sets all other options.
    set: fn(&mut Options),
}

/// Every profile.
pub fn profiles() -> impl Iterator<Item = &'static Profile> {
    PROFILES.iter()
}

/// The profile of that name.
pub fn profile(id: &str) -> Option<&'static Profile> {
    profiles().find(|profile| profile.id == id)
}

impl Profile {
    /// Applies it to the options of a registry; all users have that password.
    pub fn set(&self, options: &mut Options, password: &str) {
        let user = |name: &&str| ((*name).to_owned(), password.to_owned());
        options.login.users = self.users.iter().map(user).collect();
        let known = self.known_repositories.iter();
        options.login.repositories = known.map(|&name| name.to_owned()).collect();
        let [_, second] = self.repositories;
        options.second_repository = second.to_owned();
        for variant in self.variants.iter().filter_map(|id| variant(id)) {
            (variant.set)(options);
        }
        (self.set)(options);
    }
}

const PROFILES: &[Profile] = &[
    Profile {
        id: "artifactory",
        title: "JFrog Artifactory, with repositories by their path.",
        particulars: &[
            "Basic and Bearer are supported; each Docker repository has its own token server.",
            "Every name begins with the key of a Docker repository (docker-local), which must exist.",
        ],
        sources: &[
            "https://docs.jfrog.com/artifactory/docs/additional-docker-information",
            "https://jfrog.com/help/r/how-to-troubleshoot-docker-problems/docker-login-docker.art.local",
            "https://github.com/earthly/earthly/issues/1017",
        ],
        users: &["assay"],
        repositories: ["docker-local/assay/repo1", "docker-local/assay/repo2"],
        known_repositories: &["docker-local/"],
        variants: &[],
        set: |options| {
            options.login.scheme = Scheme::Either;
            options.login.tokens.path = "/artifactory/api/docker/docker-local/v2/token";
            options.login.tokens.service = "artifactory";
        },
    },
    Profile {
        id: "ecr",
        title: "Amazon Elastic Container Registry.",
        particulars: &[
            "Only Basic is supported; the user is AWS, and the password is valid for twelve hours.",
            "Each repository must be created before the first push: otherwise 404 and NAME_UNKNOWN.",
            "Blobs are mounted only if the account's settings allow it; here they are not.",
            "Manifests and tags can be deleted. The deletion of blobs is not documented; here it is refused with 405.",
        ],
        sources: &[
            "https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html",
            "https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-push-ecr-image.html",
            "https://docs.aws.amazon.com/AmazonECR/latest/userguide/blob-mounting.html",
            "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-artifact-delete.html",
            "https://github.com/aws/containers-roadmap/issues/1229",
        ],
        users: &["AWS"],
        repositories: ["assay/repo1", "assay/repo2"],
        known_repositories: &["assay/repo1", "assay/repo2"],
        variants: &[],
        set: |options| {
            options.login.scheme = Scheme::Basic;
            options.mount = false;
            options.delete_blobs = Deletion::Off(405);
        },
    },
    Profile {
        id: "gcr",
        title: "Google Artifact Registry and gcr.io.",
        particulars: &[
            "The token server is /v2/token. The user name names the kind of password: a JSON key or an access token.",
            "The challenge for /v2/ has no service and no scope; all other challenges have both.",
            "The Location of an upload session is outside of /v2/, and needs the token too.",
            "Names begin with a project and a repository, which must exist: otherwise 404 and NAME_UNKNOWN.",
        ],
        sources: &[
            "https://docs.cloud.google.com/artifact-registry/docs/docker/authentication",
            "https://docs.cloud.google.com/artifact-registry/docs/docker/pushing-and-pulling",
            "https://github.com/oras-project/rust-oci-client/issues/175",
            "https://github.com/apple/container/issues/2274",
        ],
        users: &["_json_key", "_json_key_base64", "oauth2accesstoken"],
        repositories: ["my-project/assay/repo1", "my-project/assay/repo2"],
        known_repositories: &["my-project/assay/"],
        variants: &[],
        set: |options| {
            options.login.scheme = Scheme::Bearer;
            options.login.tokens.path = "/v2/token";
            options.login.tokens.service = "us-docker.pkg.dev";
            options.login.challenges = ChallengeForm::BareAtBase;
            options.uploads_outside_v2 = true;
        },
    },
    Profile {
        id: "gitlab",
        title: "GitLab's container registry.",
        particulars: &[
            "The token server is /jwt/auth on GitLab's host, which differs from the registry's host.",
            "A deletion needs a token with the action `delete`, which a deploy token does not get: 401.",
            "There is no referrers API, and no OCI-Subject.",
            "Names begin with the path of a project. For any other name the token grants no access, and the response is 401.",
        ],
        sources: &[
            "https://docs.gitlab.com/user/packages/container_registry/authenticate_with_container_registry/",
            "https://docs.gitlab.com/user/packages/container_registry/#naming-convention-for-your-container-images",
            "https://docs.gitlab.com/user/project/deploy_tokens/",
        ],
        users: &["gitlab+deploy-token-1", "me"],
        repositories: ["my-group/my-project/repo1", "my-group/my-project/repo2"],
        known_repositories: &["my-group/my-project", "my-group/my-project/"],
        variants: &[],
        set: |options| {
            options.login.scheme = Scheme::Bearer;
            options.login.tokens.path = "/jwt/auth";
            options.login.no_deletion = vec!["gitlab+deploy-token-1".to_owned()];
            options.referrers = false;
            options.login.tokens.service = "container_registry";
            options.login.tokens.separate_port = true;
            options.login.missing_repository = MissingRepository::Denied;
        },
    },
    Profile {
        id: "harbor",
        title: "Harbor.",
        particulars: &[
            "The token server is /service/token. The names of robot accounts have a dollar sign: robot$my-project+assay.",
            "Names begin with a project, which must exist: otherwise 401.",
            "The response to a refused Authorization header is a challenge for Basic, which is accepted.",
        ],
        sources: &[
            "https://goharbor.io/docs/2.15.0/working-with-projects/working-with-images/pulling-pushing-images/",
            "https://goharbor.io/docs/2.15.0/working-with-projects/project-configuration/create-robot-accounts/",
            "https://github.com/goharbor/harbor/blob/main/src/server/middleware/v2auth/auth.go",
        ],
        users: &["robot$my-project+assay"],
        repositories: ["my-project/repo1", "my-project/repo2"],
        known_repositories: &["my-project/"],
        variants: &[],
        set: |options| {
            options.login.scheme = Scheme::Either;
            options.login.challenges = ChallengeForm::BasicOnceRefused;
            options.login.tokens.path = "/service/token";
            options.login.tokens.service = "harbor-registry";
            options.login.missing_repository = MissingRepository::Denied;
        },
    },
    Profile {
        id: "pulp",
        title: "Pulp.",
        particulars: &[
            "The token server is /token/. /v2/ accepts only a token without scope, and its challenge has no scope.",
            "The scope actions are pull, push and *; others are ignored. The right to push includes deletion.",
        ],
        sources: &[
            "https://github.com/pulp/pulp_container/blob/main/pulp_container/app/token_verification.py",
            "https://github.com/pulp/pulp_container/blob/main/pulp_container/app/authorization.py",
        ],
        users: &["admin"],
        repositories: ["assay/repo1", "assay/repo2"],
        known_repositories: &["assay/"],
        variants: &[],
        set: |options| {
            options.login.scheme = Scheme::Bearer;
            options.login.tokens.path = "/token/";
            options.login.tokens.service = "pulp";
            options.login.tokens.delete = false;
            options.login.tokens.ignore_unknown_actions = true;
            options.login.tokens.base_without_scope = true;
        },
    },
    Profile {
        id: "quay",
        title: "Red Hat Quay and quay.io.",
        particulars: &[
            "The token server is /v2/auth. The names of robot accounts have a plus sign: my-org+assay. A person gets tokens too.",
            "Scopes have pull, push and *; a scope with `delete` is refused with 400. The right to push includes deletion.",
            "A token for a push creates the repository if its organization exists: otherwise 401.",
            "Blobs cannot be deleted, and a manifest without a tag cannot: 404.",
        ],
        sources: &[
            "https://docs.redhat.com/en/documentation/red_hat_quay/3.15/html/managing_access_and_permissions/creating-robot-account-api",
            "https://github.com/quay/quay/blob/master/endpoints/v2/v2auth.py",
            "https://github.com/quay/quay/pull/6576",
        ],
        users: &["my-org+assay", "me"],
        repositories: ["my-org/repo1", "my-org/repo2"],
        known_repositories: &["my-org/"],
        variants: &["deletion-of-tagged-only"],
        set: |options| {
            options.login.scheme = Scheme::Bearer;
            options.login.tokens.path = "/v2/auth";
            options.login.tokens.service = "quay.io";
            options.login.tokens.delete = false;
            options.login.tokens.push_token_creates = true;
            options.delete_blobs = Deletion::Off(405);
            options.login.missing_repository = MissingRepository::Denied;
        },
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_authorizes_its_users_for_its_own_repositories_only() {
        for profile in profiles() {
            let mut options = Options::default();
            profile.set(&mut options, "secret");
            let login = &options.login;
            assert_ne!(login.scheme, Scheme::Open, "{}", profile.id);
            assert!(!profile.sources.is_empty(), "{}", profile.id);
            for id in profile.variants {
                assert!(variant(id).is_some(), "{}: {id}", profile.id);
            }
            for user in profile.users {
                assert!(login.accepts(user, "secret"), "{}", profile.id);
            }
            for name in profile.repositories {
                assert!(login.has_repository(name), "{}: {name}", profile.id);
            }
            for name in ["conformance/repo1", "my-organ/repo1", "my-org"] {
                assert!(!login.has_repository(name), "{}: {name}", profile.id);
            }
        }
    }

    #[test]
    fn names_are_unique_and_sorted() {
        let ids: Vec<&str> = profiles().map(|profile| profile.id).collect();
        assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
    }
}

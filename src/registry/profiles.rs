//! Deviation well-known registries let clients in: one row each, from their public documentation.
//!
//! A profile is about the door: who logs in how, with what user name, and what must be there before the first push.
//! Beyond it the registry stays the strict one that it is. A new profile is a row here, and a page in
//! `docs/registries/`.

use super::auth::{ChallengeForm, MissingRepository, Scheme};
use super::options::{Deletion, Options};

/// The way of a well-known registry.
#[derive(Debug)]
pub struct Profile {
    /// Its name for ever.
    pub id: &'static str,
    /// Whose way it is.
    pub title: &'static str,
    /// What a client meets there, a sentence each.
    pub quirks: &'static [&'static str],
    /// Where that is documented.
    pub sources: &'static [&'static str],
    /// The user names that are let in; the first one is as good as any.
    pub users: &'static [&'static str],
    /// Two repositories that are there.
    pub repositories: [&'static str; 2],
    /// The repositories that are there, see [`Login::places`](super::Login::places).
    places: &'static [&'static str],
    /// What else it takes.
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
    /// Makes a registry let clients in like this one, with that password.
    pub fn set(&self, options: &mut Options, password: &str) {
        let user = |name: &&str| ((*name).to_owned(), password.to_owned());
        options.login.users = self.users.iter().map(user).collect();
        options.login.places = self.places.iter().map(|&place| place.to_owned()).collect();
        (self.set)(options);
    }
}

const PROFILES: &[Profile] = &[
    Profile {
        id: "artifactory",
        title: "JFrog Artifactory, with repositories by their path.",
        quirks: &[
            "Both Basic and Bearer are offered; each Docker repository has a token server of its own.",
            "Every name begins with the key of a Docker repository (docker-local), which must be there.",
        ],
        sources: &[
            "https://docs.jfrog.com/artifactory/docs/additional-docker-information",
            "https://jfrog.com/help/r/how-to-troubleshoot-docker-problems/docker-login-docker.art.local",
            "https://github.com/earthly/earthly/issues/1017",
        ],
        users: &["assay"],
        repositories: ["docker-local/assay/repo1", "docker-local/assay/repo2"],
        places: &["docker-local/"],
        set: |o| {
            o.login.scheme = Scheme::Either;
            o.login.tokens.path = "/artifactory/api/docker/docker-local/v2/token";
            o.login.tokens.service = "artifactory";
        },
    },
    Profile {
        id: "ecr",
        title: "Amazon Elastic Container Registry.",
        quirks: &[
            "Basic alone is offered; the user is AWS, and the password is good for twelve hours.",
            "Each repository must be created before the first push: 404 and NAME_UNKNOWN until then.",
            "Blobs are not mounted unless the account's setting says so.",
            "Manifests are deleted, and tags; whether blobs can be is documented nowhere: 405 to that here.",
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
        places: &["assay/repo1", "assay/repo2"],
        set: |o| {
            o.login.scheme = Scheme::Basic;
            o.mount = false;
            o.delete_blobs = Deletion::Off(405);
        },
    },
    Profile {
        id: "gcr",
        title: "Google Artifact Registry, and gcr.io.",
        quirks: &[
            "Tokens come from /v2/token; the user name says what the password is: a key in JSON, or an access token.",
            "The challenge to /v2/ names neither service nor scope; all others name both.",
            "Uploads go on at Locations outside of /v2/, where the token is needed too.",
            "Names begin with a project and a repository, which must be there: 404 and NAME_UNKNOWN until then.",
        ],
        sources: &[
            "https://docs.cloud.google.com/artifact-registry/docs/docker/authentication",
            "https://docs.cloud.google.com/artifact-registry/docs/docker/pushing-and-pulling",
            "https://github.com/oras-project/rust-oci-client/issues/175",
            "https://github.com/apple/container/issues/2274",
        ],
        users: &["_json_key", "_json_key_base64", "oauth2accesstoken"],
        repositories: ["my-project/assay/repo1", "my-project/assay/repo2"],
        places: &["my-project/assay/"],
        set: |o| {
            o.login.scheme = Scheme::Bearer;
            o.login.tokens.path = "/v2/token";
            o.login.tokens.service = "us-docker.pkg.dev";
            o.login.challenges = ChallengeForm::BareAtBase;
            o.uploads_outside = true;
        },
    },
    Profile {
        id: "gitlab",
        title: "GitLab's container registry.",
        quirks: &[
            "Tokens come from /jwt/auth on GitLab's own host, which is not the registry's.",
            "A deletion needs a token for `delete`.",
            "Names begin with the path of a project: a token for any other is good for nothing, and 401 comes back.",
        ],
        sources: &[
            "https://docs.gitlab.com/user/packages/container_registry/authenticate_with_container_registry/",
            "https://docs.gitlab.com/user/packages/container_registry/#naming-convention-for-your-container-images",
            "https://docs.gitlab.com/user/project/deploy_tokens/",
        ],
        users: &["gitlab+deploy-token-1"],
        repositories: ["my-group/my-project/repo1", "my-group/my-project/repo2"],
        places: &["my-group/my-project", "my-group/my-project/"],
        set: |o| {
            o.login.scheme = Scheme::Bearer;
            o.login.tokens.path = "/jwt/auth";
            o.login.tokens.service = "container_registry";
            o.login.tokens.elsewhere = true;
            o.login.missing_repository = MissingRepository::Denied;
        },
    },
    Profile {
        id: "harbor",
        title: "Harbor.",
        quirks: &[
            "Tokens come from /service/token; robots have a dollar in their names: robot$my-project+assay.",
            "Names begin with a project, which must be there: 401 otherwise.",
            "Who sends an Authorization header that does not do is asked for Basic, and let in by it.",
        ],
        sources: &[
            "https://goharbor.io/docs/2.15.0/working-with-projects/working-with-images/pulling-pushing-images/",
            "https://goharbor.io/docs/2.15.0/working-with-projects/project-configuration/create-robot-accounts/",
            "https://github.com/goharbor/harbor/blob/main/src/server/middleware/v2auth/auth.go",
        ],
        users: &["robot$my-project+assay"],
        repositories: ["my-project/repo1", "my-project/repo2"],
        places: &["my-project/"],
        set: |o| {
            o.login.scheme = Scheme::Either;
            o.login.challenges = ChallengeForm::BasicOnceRefused;
            o.login.tokens.path = "/service/token";
            o.login.tokens.service = "harbor-registry";
            o.login.missing_repository = MissingRepository::Denied;
        },
    },
    Profile {
        id: "quay",
        title: "Red Hat Quay, and quay.io.",
        quirks: &[
            "Tokens come from /v2/auth; robots have a plus in their names: my-org+assay.",
            "Scopes are pull, push and *: one for `delete` is refused with 400, and who may push may delete.",
            "A push makes the repository, within an organization that is there: 401 otherwise.",
        ],
        sources: &[
            "https://docs.redhat.com/en/documentation/red_hat_quay/3.15/html/managing_access_and_permissions/creating-robot-account-api",
            "https://github.com/quay/quay/blob/master/endpoints/v2/v2auth.py",
            "https://github.com/quay/quay/pull/6576",
        ],
        users: &["my-org+assay"],
        repositories: ["my-org/repo1", "my-org/repo2"],
        places: &["my-org/"],
        set: |o| {
            o.login.scheme = Scheme::Bearer;
            o.login.tokens.path = "/v2/auth";
            o.login.tokens.service = "quay.io";
            o.login.tokens.delete = false;
            o.login.missing_repository = MissingRepository::Denied;
        },
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_lets_somebody_into_its_own_repositories_and_not_everywhere() {
        for profile in profiles() {
            let mut options = Options::default();
            profile.set(&mut options, "secret");
            let login = &options.login;
            assert_ne!(login.scheme, Scheme::Open, "{}", profile.id);
            assert!(!profile.sources.is_empty(), "{}", profile.id);
            for user in profile.users {
                assert!(login.knows(user, "secret"), "{}", profile.id);
            }
            for name in profile.repositories {
                assert!(login.has_place_for(name), "{}: {name}", profile.id);
            }
            for name in ["conformance/repo1", "my-organ/repo1", "my-org"] {
                assert!(!login.has_place_for(name), "{}: {name}", profile.id);
            }
        }
    }

    #[test]
    fn names_are_told_apart_and_sorted() {
        let ids: Vec<&str> = profiles().map(|profile| profile.id).collect();
        assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
    }
}

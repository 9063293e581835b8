package io.loreley.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.process.ProcessRunner;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RepositoryIdentityTest {

    @ParameterizedTest
    @CsvSource({
        "https://github.com/Owner/Repo.git, https://github.com/Owner/Repo.git, github.com/owner/repo",
        "https://github.com/Owner/Repo/, https://github.com/Owner/Repo, github.com/owner/repo",
        "https://user:p@ss@Example.com/Owner/Repo.git?x=1#f, https://example.com/Owner/Repo.git, example.com/owner/repo",
        "https://token@host.org/a.git/, https://host.org/a.git, host.org/a",
        "https://host.org:443/a.git, https://host.org/a.git, host.org/a",
        "https://host.org:8443/a.git, https://host.org:8443/a.git, host.org-8443/a",
        "git@github.com:Owner/Repo.git, ssh://git@github.com/Owner/Repo.git, github.com/owner/repo",
        "github.com:Owner/Repo.git, ssh://github.com/Owner/Repo.git, github.com/owner/repo",
        "git@github.com:/abs/Repo.git, ssh://git@github.com/abs/Repo.git, github.com/abs/repo",
        "git@host:2222/x/y.git, ssh://git@host/2222/x/y.git, host/2222/x/y",
        "ssh://git:pw@host/x.git, ssh://git@host/x.git, host/x",
        "ssh://git@github.com:2222/Owner/Repo.git, ssh://git@github.com:2222/Owner/Repo.git, github.com-2222/owner/repo",
        "file:///srv/git/repo.git, file:///srv/git/repo.git, local/srv/git/repo",
        "file://host/srv/x, file://host/srv/x, host/srv/x",
        "/srv/git/repo.git, file:///srv/git/repo.git, local/srv/git/repo",
    })
    void a_remote_has_one_canonical_url_and_a_slug(String raw, String canonical, String slug) {
        RepositoryIdentity identity = of(raw);

        assertThat(identity.remoteUrl()).isEqualTo(canonical);
        assertThat(identity.slug()).isEqualTo(slug);
        assertThat(of(canonical)).isEqualTo(identity);
        assertThat(identity.toString())
                .doesNotContain("p@ss")
                .doesNotContain("token")
                .doesNotContain(":pw");
    }

    @ParameterizedTest
    @CsvSource({
        "https://[::1]:8080/x/y.git, https://[::1]:8080/x/y.git, 1--8080/x/y-",
        "git@[::1]:x/y.git, ssh://git@[::1]/x/y.git, 1-/x/y-",
        "C:\\Users\\me\\repo, file:///C:/Users/me/repo, local/c-/users/me/repo-",
        "/srv/git/My Repo.git, file:///srv/git/My Repo.git, local/srv/git/my-repo-",
        "https://host.com/Ü-x/é.git, https://host.com/Ü-x/é.git, host.com/--x/-",
    })
    void what_a_slug_cannot_spell_is_told_apart_by_a_hash(String raw, String canonical, String beginning) {
        RepositoryIdentity identity = of(raw);

        assertThat(identity.remoteUrl()).isEqualTo(canonical);
        assertThat(identity.slug()).startsWith(beginning).matches("[a-z0-9._/-]+-[0-9a-f]{12}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://h:notaport/x", "https://h:99999/x", "https:///x", "nonsense", "https://a b/x", ""})
    void what_git_could_not_use_is_refused(String raw) {
        assertThatThrownBy(() -> RemoteUrl.parse(raw))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION));
    }

    @Test
    void a_refusal_hides_the_password() {
        assertThatThrownBy(() -> RemoteUrl.parse("https://me:hunter2@host:x/y"))
                .hasMessageContaining("https://***@host")
                .message()
                .doesNotContain("hunter2");
    }

    @Test
    void long_names_are_bounded_and_stay_apart() {
        String one = of("https://h.org/" + "a".repeat(300) + "/one").slug();
        String two = of("https://h.org/" + "a".repeat(300) + "/two").slug();

        assertThat(one).hasSize(255).isNotEqualTo(two);
        assertThatThrownBy(() -> of("https://h.org/" + "a".repeat(1100)))
                .isInstanceOf(LoreleyException.class)
                .hasMessageContaining("1024");
    }

    @Test
    void paths_of_this_machine_that_differ_in_case_or_by_a_space_are_different_repositories() {
        List<String> slugs = List.of("/home/me/my-repo", "/home/me/My-Repo", "/home/me/my repo").stream()
                .map(path ->
                        RepositoryIdentity.of(null, Path.of(path), Map.of()).slug())
                .toList();

        assertThat(slugs).doesNotHaveDuplicates().first().isEqualTo("/home/me/my-repo");
    }

    @Test
    void a_clone_is_known_by_its_origin_and_lists_its_remotes(@TempDir Path folder) {
        try (var processes = new ProcessRunner()) {
            var clone = TestRepository.create(folder.resolve("clone"), processes);
            assertThat(identity(clone, processes).remoteUrl()).isNull();
            assertThat(identity(clone, processes).rootPath())
                    .isEqualTo(clone.root().toString());

            clone.git("remote", "add", "broken", "https://h:notaport/x");
            clone.git("remote", "add", "origin", "https://me:secret@github.com/Owner/Repo.git");
            clone.git("remote", "add", "fork", "../fork.git");

            assertThat(identity(clone, processes))
                    .isEqualTo(new RepositoryIdentity(
                            "github.com/owner/repo",
                            "https://github.com/Owner/Repo.git",
                            clone.root().toString(),
                            Map.of(
                                    "canonical_origin",
                                    "https://github.com/Owner/Repo.git",
                                    "root_path",
                                    clone.root().toString(),
                                    "remotes",
                                    List.of(
                                            Map.of("name", "fork", "url", "file://" + folder.resolve("fork.git")),
                                            Map.of("name", "origin", "url", "https://github.com/Owner/Repo.git")))));
        }
    }

    private static RepositoryIdentity identity(TestRepository repository, ProcessRunner processes) {
        Path root = repository.root();
        return RepositoryIdentity.of(Source.detect(root.toString(), root, false, processes), processes);
    }

    private static RepositoryIdentity of(String url) {
        return RepositoryIdentity.of(RemoteUrl.parse(url), null, Map.of());
    }
}

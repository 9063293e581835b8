package io.loreley.store;

import io.loreley.domain.Experiment;
import io.loreley.domain.Repository;
import jakarta.data.repository.Insert;
import jakarta.data.repository.Query;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The statements on repositories and experiments. */
@jakarta.data.repository.Repository
interface ExperimentQueries {

    @Insert
    void insert(Experiment experiment);

    @Query("from Repository r where r.slug = :slug")
    Optional<Repository> repository(String slug);

    @Query("from Experiment e join fetch e.repository where e.repository.id = :repository and e.name = :name")
    Optional<Experiment> named(UUID repository, String name);

    @Query("from Experiment e join fetch e.repository where e.id = :id")
    Optional<Experiment> byId(UUID id);

    @Query(
            "from Experiment e join fetch e.repository where e.repository.id = :repository order by e.createdAt desc, e.id")
    List<Experiment> all(UUID repository);

    @Query(
            "from Experiment e join fetch e.repository where e.repository.id = :repository and e.project = :project order by e.openedAt desc, e.id")
    List<Experiment> ofProject(UUID repository, String project);

    @Query("from Experiment e join fetch e.repository where e.name = :name order by e.createdAt desc, e.id")
    List<Experiment> allNamed(String name);
}

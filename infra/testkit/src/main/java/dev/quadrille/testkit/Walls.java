package dev.quadrille.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// The walls of a service, for `@ArchTest static final ArchTests walls =
/// ArchTests.in(Walls.class)`.
public final class Walls {

    private Walls() {}

    @ArchTest
    static final ArchRule domainKnowsJavaAndTheContractAlone =
            classes()
                    .that()
                    .resideInAPackage("..domain..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java..", "org.jspecify..", "dev.quadrille.contract..", "..domain..");

    @ArchTest
    static final ArchRule domainHasNoClockAndNoChance =
            noClasses()
                    .that()
                    .resideInAPackage("..domain..")
                    .should()
                    .callMethod(java.time.Instant.class, "now")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(System.class, "nanoTime")
                    .orShould()
                    .callMethod(java.util.UUID.class, "randomUUID")
                    .orShould()
                    .dependOnClassesThat()
                    .areAssignableTo(java.util.random.RandomGenerator.class);

    @ArchTest
    static final ArchRule useCasesDoNotKnowTheirCallers =
            noClasses()
                    .that()
                    .resideInAnyPackage("..application..", "..adapter.postgres..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("..adapter.rest..");

    @ArchTest
    static final ArchRule tablesDoNotKnowTheUseCases =
            noClasses()
                    .that()
                    .resideInAPackage("..adapter.postgres..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("..application..");

    @ArchTest
    static final ArchRule aServiceNeverKnowsAnother =
            slices().matching("dev.quadrille.(order|inventory|payment|notification)..")
                    .should()
                    .notDependOnEachOther();

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("dev.quadrille.(*).(**)").should().beFreeOfCycles();
}

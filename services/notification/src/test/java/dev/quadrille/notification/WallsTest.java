package dev.quadrille.notification;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import dev.quadrille.testkit.Walls;

@AnalyzeClasses(packages = "dev.quadrille.notification", importOptions = DoNotIncludeTests.class)
class WallsTest {

    @ArchTest static final ArchTests walls = ArchTests.in(Walls.class);
}

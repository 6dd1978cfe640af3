package dev.quadrille.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.testkit.NativeImage;
import dev.quadrille.testkit.ServiceOnStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ServiceOnStack.class)
class NativeImageTest {

    @Test
    void theImageLacksNothingAndKeepsNothingOfItsBuild() {
        assertThat(NativeImage.lacks("order")).isEmpty();
    }
}

package dev.heliograph.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a pod of each overlay is: its images, probes, resources and rights. */
class ManifestsTest {
    private static final String GATEWAY = "heliograph";
    private static final int MANAGEMENT = 9000;
    private static final Pattern VERSION = Pattern.compile("<artifactId>heliograph</artifactId>\\s*<version>([^<]+)<");

    static Stream<String> overlays() throws IOException {
        return Overlay.names();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void overlayHasOneGateway(String overlay) {
        assertThat(Overlay.of(overlay).pods())
                .filteredOn(
                        pod -> pod.getSpec().getContainers().get(0).getName().equals(GATEWAY))
                .hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyContainerHasThreeProbesOfItsPorts(String overlay) {
        for (Container container : containers(overlay)) {
            for (Probe probe : probes(container)) {
                assertThat(probe).as(container.getName()).isNotNull();
                if (probe.getHttpGet() != null) {
                    assertThat(port(container, probe.getHttpGet().getPort())).isNotNull();
                } else if (probe.getTcpSocket() != null) {
                    assertThat(port(container, probe.getTcpSocket().getPort())).isNotNull();
                } else {
                    assertThat(probe.getExec().getCommand()).isNotEmpty();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void gatewayIsProbedOnItsManagementPort(String overlay) {
        Container gateway = gateway(overlay);

        assertThat(probes(gateway))
                .allSatisfy(probe -> assertThat(port(gateway, probe.getHttpGet().getPort()))
                        .extracting(ContainerPort::getContainerPort)
                        .isEqualTo(MANAGEMENT));
        assertThat(probes(gateway))
                .extracting(Probe::getHttpGet)
                .extracting(HTTPGetAction::getPath)
                .containsExactly("/q/health/live", "/q/health/ready", "/q/health/live");
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyContainerHasRequestsAndLimits(String overlay) {
        for (Container container : containers(overlay)) {
            ResourceRequirements resources = container.getResources();
            for (String resource : List.of("cpu", "memory")) {
                assertThat(resources.getRequests()).as(container.getName()).containsKey(resource);
                assertThat(resources.getLimits()).as(container.getName()).containsKey(resource);
                assertThat(resources.getRequests().get(resource).getNumericalAmount())
                        .isLessThanOrEqualTo(resources.getLimits().get(resource).getNumericalAmount());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyImageHasAVersion(String overlay) {
        assertThat(containers(overlay)).extracting(Container::getImage).allSatisfy(image -> assertThat(image)
                .matches("[a-z0-9./-]+:[A-Za-z0-9._-]+")
                .doesNotEndWith(":latest"));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void gatewayHasTheVersionOfTheProject(String overlay) throws IOException {
        Matcher version = VERSION.matcher(Files.readString(Path.of("pom.xml")));
        assertThat(version.find()).isTrue();

        assertThat(gateway(overlay).getImage()).endsWith(":" + version.group(1));
    }

    /** The profile {@code restricted} of Kubernetes' Pod Security Standards, and a file system that is read-only. */
    @ParameterizedTest
    @MethodSource("overlays")
    void podsHaveNoRights(String overlay) {
        for (PodTemplateSpec pod : Overlay.of(overlay).pods()) {
            PodSpec spec = pod.getSpec();
            PodSecurityContext security = spec.getSecurityContext();
            assertThat(security.getRunAsNonRoot()).isTrue();
            assertThat(security.getRunAsUser()).isPositive();
            assertThat(security.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            assertThat(spec.getAutomountServiceAccountToken()).isFalse();
            assertThat(spec.getHostNetwork()).isNull();
            for (Container container : spec.getContainers()) {
                SecurityContext rights = container.getSecurityContext();
                assertThat(rights.getAllowPrivilegeEscalation()).isFalse();
                assertThat(rights.getReadOnlyRootFilesystem()).isTrue();
                assertThat(rights.getCapabilities().getDrop()).containsExactly("ALL");
                assertThat(rights.getCapabilities().getAdd()).isEmpty();
                assertThat(rights.getPrivileged()).isNull();
                assertThat(container.getPorts())
                        .allSatisfy(port -> assertThat(port.getHostPort()).isNull());
            }
        }
    }

    private static List<Container> containers(String overlay) {
        return Overlay.of(overlay).pods().stream()
                .flatMap(pod -> pod.getSpec().getContainers().stream())
                .toList();
    }

    private static Container gateway(String overlay) {
        return containers(overlay).stream()
                .filter(each -> each.getName().equals(GATEWAY))
                .findFirst()
                .orElseThrow();
    }

    /** In the order startup, readiness, liveness. */
    private static List<Probe> probes(Container container) {
        return Arrays.asList(container.getStartupProbe(), container.getReadinessProbe(), container.getLivenessProbe());
    }

    /** The port of this name, or null. */
    static ContainerPort port(Container container, IntOrString name) {
        return container.getPorts().stream()
                .filter(port -> port.getName().equals(name.getStrVal()))
                .findFirst()
                .orElse(null);
    }
}

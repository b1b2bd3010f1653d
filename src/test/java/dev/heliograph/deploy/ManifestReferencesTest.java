package dev.heliograph.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.CrossVersionObjectReference;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPBackendRef;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressServiceBackend;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.Endpoint;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each object of an overlay that names another one names one that is there. */
class ManifestReferencesTest {
    /** The operator makes them: docs/operations.md, Run it in Kubernetes. */
    private static final Map<String, Set<String>> SECRETS = Map.of("heliograph", Set.of("jwt-secret", "redis-hosts"));

    private static final String CERTIFICATE = "heliograph-tls";
    private static final Pattern KEY = Pattern.compile("(?:quarkus|heliograph)(?:\\.[a-z-]+)+");

    static Stream<String> overlays() throws IOException {
        return Overlay.names();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void workloadsSelectTheirOwnPods(String overlay) {
        for (Deployment each : Overlay.of(overlay).all(Deployment.class)) {
            assertSelects(
                    each.getSpec().getSelector().getMatchLabels(),
                    each.getSpec().getTemplate());
            assertThat(each.getSpec().getTemplate().getSpec().getTopologySpreadConstraints())
                    .isNotEmpty()
                    .allSatisfy(spread -> assertSelects(
                            spread.getLabelSelector().getMatchLabels(),
                            each.getSpec().getTemplate()));
        }
        for (StatefulSet each : Overlay.of(overlay).all(StatefulSet.class)) {
            assertSelects(
                    each.getSpec().getSelector().getMatchLabels(),
                    each.getSpec().getTemplate());
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void servicesLeadToPortsOfOneKindOfPod(String overlay) {
        Overlay objects = Overlay.of(overlay);

        for (Service service : objects.all(Service.class)) {
            PodTemplateSpec pod = onlyPod(objects, service.getSpec().getSelector());
            assertThat(service.getSpec().getPorts()).isNotEmpty().allSatisfy(port -> assertThat(
                            ManifestsTest.port(container(pod), port.getTargetPort()))
                    .as(port.getName())
                    .isNotNull());
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void clientsReachOnlyTheMainPort(String overlay) {
        Overlay objects = Overlay.of(overlay);

        assertThat(named(objects, Service.class, "heliograph").getSpec().getPorts())
                .extracting(port -> port.getTargetPort().getStrVal())
                .containsExactly("http");
        assertThat(backends(objects)).allSatisfy(service -> assertThat(service).isEqualTo("heliograph"));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void networkPoliciesLeadToPortsOfOneKindOfPod(String overlay) {
        Overlay objects = Overlay.of(overlay);

        for (NetworkPolicy policy : objects.all(NetworkPolicy.class)) {
            PodTemplateSpec pod =
                    onlyPod(objects, policy.getSpec().getPodSelector().getMatchLabels());
            for (NetworkPolicyIngressRule rule : policy.getSpec().getIngress()) {
                assertThat(rule.getFrom()).isNotEmpty();
                for (NetworkPolicyPort port : rule.getPorts()) {
                    assertThat(ManifestsTest.port(container(pod), port.getPort()))
                            .as(port.getPort().getStrVal())
                            .isNotNull();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyPodHasANetworkPolicy(String overlay) {
        Overlay objects = Overlay.of(overlay);

        Set<PodTemplateSpec> guarded = objects.all(NetworkPolicy.class).stream()
                .flatMap(
                        policy -> objects.pods(policy.getSpec().getPodSelector().getMatchLabels()).stream())
                .collect(Collectors.toSet());
        assertThat(guarded).containsAll(objects.pods());
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void budgetAndAutoscalerBelongToTheGateway(String overlay) {
        Overlay objects = Overlay.of(overlay);

        for (PodDisruptionBudget budget : objects.all(PodDisruptionBudget.class)) {
            assertThat(container(onlyPod(objects, budget.getSpec().getSelector().getMatchLabels()))
                            .getName())
                    .isEqualTo("heliograph");
        }
        for (HorizontalPodAutoscaler scaler : objects.all(HorizontalPodAutoscaler.class)) {
            CrossVersionObjectReference target = scaler.getSpec().getScaleTargetRef();
            assertThat(target.getKind()).isEqualTo("Deployment");
            assertThat(named(objects, Deployment.class, target.getName())
                            .getSpec()
                            .getReplicas())
                    .as("replicas beside an autoscaler")
                    .isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void podsFindTheirAccountsConfigurationAndSecrets(String overlay) {
        Overlay objects = Overlay.of(overlay);

        for (PodTemplateSpec pod : objects.pods()) {
            String account = pod.getSpec().getServiceAccountName();
            assertThat(account == null || objects.has(ServiceAccount.class, account))
                    .as(account)
                    .isTrue();
            for (EnvFromSource source : container(pod).getEnvFrom()) {
                assertThat(objects.has(ConfigMap.class, source.getConfigMapRef().getName()))
                        .as(source.getConfigMapRef().getName())
                        .isTrue();
            }
            for (EnvVar variable : container(pod).getEnv()) {
                if (variable.getValueFrom() != null) {
                    SecretKeySelector secret = variable.getValueFrom().getSecretKeyRef();
                    assertThat(SECRETS.getOrDefault(secret.getName(), Set.of())).contains(secret.getKey());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void statefulSetsFindTheirServicesAndDisks(String overlay) {
        Overlay objects = Overlay.of(overlay);

        for (StatefulSet each : objects.all(StatefulSet.class)) {
            assertThat(objects.has(Service.class, each.getSpec().getServiceName()))
                    .isTrue();
            assertThat(each.getSpec().getVolumeClaimTemplates())
                    .extracting(PersistentVolumeClaim::getMetadata)
                    .extracting("name")
                    .containsExactlyElementsOf(container(each.getSpec().getTemplate()).getVolumeMounts().stream()
                            .map(VolumeMount::getName)
                            .toList());
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void routesLeadToPortsOfServices(String overlay) {
        Overlay objects = Overlay.of(overlay);

        for (Ingress ingress : objects.all(Ingress.class)) {
            assertThat(ingress.getSpec().getTls()).isNotEmpty().allSatisfy(tls -> assertThat(tls.getSecretName())
                    .isEqualTo(CERTIFICATE));
            for (IngressServiceBackend backend : backendsOf(ingress)) {
                assertThat(named(objects, Service.class, backend.getName())
                                .getSpec()
                                .getPorts())
                        .extracting(ServicePort::getName)
                        .contains(backend.getPort().getName());
            }
        }
        for (HTTPRoute route : objects.all(HTTPRoute.class)) {
            for (HTTPBackendRef backend : backendsOf(route)) {
                assertThat(named(objects, Service.class, backend.getName())
                                .getSpec()
                                .getPorts())
                        .extracting(ServicePort::getPort)
                        .contains(backend.getPort());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void monitorsFindPortsOfServices(String overlay) {
        Overlay objects = Overlay.of(overlay);

        for (ServiceMonitor monitor : objects.all(ServiceMonitor.class)) {
            Map<String, String> labels = monitor.getSpec().getSelector().getMatchLabels();
            assertThat(objects.all(Service.class))
                    .filteredOn(service ->
                            service.getMetadata().getLabels().entrySet().containsAll(labels.entrySet()))
                    .singleElement()
                    .satisfies(service -> assertThat(service.getSpec().getPorts())
                            .extracting(ServicePort::getName)
                            .containsAll(monitor.getSpec().getEndpoints().stream()
                                    .map(Endpoint::getPort)
                                    .toList()));
        }
    }

    /** The gateway ignores an environment variable whose name is no key. */
    @ParameterizedTest
    @MethodSource("overlays")
    void variablesOfTheGatewayAreDocumentedKeys(String overlay) throws IOException {
        Overlay objects = Overlay.of(overlay);
        Set<String> documented = KEY.matcher(
                        Files.readString(Path.of("docs", "operations.md")) + Files.readString(Path.of("README.md")))
                .results()
                .map(MatchResult::group)
                .map(key -> key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"))
                .collect(Collectors.toSet());

        PodTemplateSpec gateway =
                named(objects, Deployment.class, "heliograph").getSpec().getTemplate();
        assertThat(container(gateway).getEnv()).extracting(EnvVar::getName).isSubsetOf(documented);
        assertThat(named(objects, ConfigMap.class, "heliograph").getData().keySet())
                .isSubsetOf(documented);
    }

    private static void assertSelects(Map<String, String> labels, PodTemplateSpec pod) {
        assertThat(labels).isNotEmpty();
        assertThat(pod.getMetadata().getLabels()).containsAllEntriesOf(labels);
    }

    private static PodTemplateSpec onlyPod(Overlay objects, Map<String, String> labels) {
        assertThat(objects.pods(labels)).as("pods with " + labels).hasSize(1);
        return objects.pods(labels).get(0);
    }

    private static Container container(PodTemplateSpec pod) {
        return pod.getSpec().getContainers().get(0);
    }

    private static <T extends HasMetadata> T named(Overlay objects, Class<T> kind, String name) {
        return objects.all(kind).stream()
                .filter(each -> each.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind.getSimpleName() + ' ' + name));
    }

    private static List<String> backends(Overlay objects) {
        return Stream.concat(
                        objects.all(Ingress.class).stream()
                                .flatMap(each -> backendsOf(each).stream())
                                .map(IngressServiceBackend::getName),
                        objects.all(HTTPRoute.class).stream()
                                .flatMap(each -> backendsOf(each).stream())
                                .map(HTTPBackendRef::getName))
                .toList();
    }

    private static List<IngressServiceBackend> backendsOf(Ingress ingress) {
        return ingress.getSpec().getRules().stream()
                .flatMap(rule -> rule.getHttp().getPaths().stream())
                .map(path -> path.getBackend().getService())
                .toList();
    }

    private static List<HTTPBackendRef> backendsOf(HTTPRoute route) {
        return route.getSpec().getRules().stream()
                .flatMap(rule -> rule.getBackendRefs().stream())
                .toList();
    }
}

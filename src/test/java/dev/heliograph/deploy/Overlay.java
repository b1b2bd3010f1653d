package dev.heliograph.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.heliograph.fixture.Installed;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The objects of a kustomization as Kubernetes would get them, read strictly. */
record Overlay(String name, List<HasMetadata> objects) {
    private static final String KUSTOMIZE = "sigs.k8s.io/kustomize/kustomize/v5@v5.8.1";
    /** The first run compiles kustomize. */
    private static final long LIMIT_MINUTES = 5;

    private static final Path OVERLAYS = Path.of("k8s", "overlays");
    private static final String ROUTED = "jvm with gateway-api";
    private static final List<Class<? extends HasMetadata>> KINDS = List.of(
            ConfigMap.class,
            Service.class,
            ServiceAccount.class,
            Deployment.class,
            StatefulSet.class,
            HorizontalPodAutoscaler.class,
            Ingress.class,
            NetworkPolicy.class,
            PodDisruptionBudget.class,
            HTTPRoute.class,
            ServiceMonitor.class,
            PrometheusRule.class);
    private static final Map<String, Overlay> RENDERED = new ConcurrentHashMap<>();

    /** Every overlay, and one with the component that none of them has. */
    static Stream<String> names() throws IOException {
        try (Stream<Path> folders = Files.list(OVERLAYS)) {
            return Stream.concat(
                    folders.map(each -> each.getFileName().toString()).sorted(), Stream.of(ROUTED))
                    .toList()
                    .stream();
        }
    }

    /** Renders once for all tests. The test is skipped where Go is missing, or fails where nothing may be missing. */
    static Overlay of(String name) {
        Installed.require(
                Installed.onPath("go") != null, "go is missing, which runs kustomize: https://go.dev/doc/install");
        return RENDERED.computeIfAbsent(name, each -> {
            try {
                return new Overlay(each, read(render(each.equals(ROUTED) ? routed() : OVERLAYS.resolve(each))));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        });
    }

    <T extends HasMetadata> List<T> all(Class<T> kind) {
        return objects.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    boolean has(Class<? extends HasMetadata> kind, String name) {
        return all(kind).stream().anyMatch(each -> each.getMetadata().getName().equals(name));
    }

    /** The pods of all deployments and stateful sets. */
    List<PodTemplateSpec> pods() {
        return Stream.concat(
                        all(Deployment.class).stream()
                                .map(each -> each.getSpec().getTemplate()),
                        all(StatefulSet.class).stream()
                                .map(each -> each.getSpec().getTemplate()))
                .toList();
    }

    /** The pods that have all these labels. */
    List<PodTemplateSpec> pods(Map<String, String> labels) {
        return pods().stream()
                .filter(pod -> pod.getMetadata().getLabels().entrySet().containsAll(labels.entrySet()))
                .toList();
    }

    private static Path routed() throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "kustomize", "gateway-api"));
        Files.writeString(
                folder.resolve("kustomization.yaml"),
                "resources: [../../../k8s/overlays/jvm]\ncomponents: [../../../k8s/components/gateway-api]\n");
        return folder;
    }

    private static String render(Path folder) throws IOException, InterruptedException {
        Path output = Files.createTempFile("kustomize", ".yaml");
        Path errors = Files.createTempFile("kustomize", ".log");
        try {
            Process process = new ProcessBuilder("go", "run", KUSTOMIZE, "build", folder.toString())
                    .redirectOutput(Redirect.to(output.toFile()))
                    .redirectError(Redirect.to(errors.toFile()))
                    .start();
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("kustomize does not end: " + folder);
            }
            assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
            return Files.readString(output, StandardCharsets.UTF_8);
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }

    private static List<HasMetadata> read(String yaml) throws IOException {
        ObjectMapper strict = new ObjectMapper(new YAMLFactory())
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                    /** The model keeps unknown fields otherwise. */
                    @Override
                    public Boolean hasAnySetter(Annotated method) {
                        return false;
                    }
                });
        var objects = new ArrayList<HasMetadata>();
        try (var documents = strict.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            for (JsonNode document : (Iterable<JsonNode>) () -> documents) {
                objects.add(strict.treeToValue(document, kind(document)));
            }
        }
        return objects;
    }

    private static Class<? extends HasMetadata> kind(JsonNode document) {
        String version = document.path("apiVersion").asText();
        String kind = document.path("kind").asText();
        return KINDS.stream()
                .filter(each -> HasMetadata.getApiVersion(each).equals(version)
                        && HasMetadata.getKind(each).equals(kind))
                .findFirst()
                .orElseThrow(() -> new AssertionError("a kind that no test knows: " + version + ' ' + kind));
    }
}

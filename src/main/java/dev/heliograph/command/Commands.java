package dev.heliograph.command;

import dev.heliograph.access.AccessConfig;
import dev.heliograph.access.ApiKeys;
import dev.heliograph.access.Grants;
import dev.heliograph.access.TokenMint;
import dev.heliograph.event.Action;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.quarkus.runtime.configuration.DurationConverter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The commands beside the gateway. They need no gateway, and read its configuration where it would. */
@Command(
        name = "heliograph",
        description = "Starts the gateway if there are no arguments.",
        mixinStandardHelpOptions = true,
        subcommands = {Commands.Token.class, Commands.Keys.class})
@RegisterForReflection(
        targets = {
            Commands.class,
            Commands.Granted.class,
            Commands.Token.class,
            Commands.Keys.class,
            Commands.NewKey.class
        },
        classNames = "picocli.CommandLine$AutoHelpMixin")
final class Commands {
    private static final int WRONG = 2;

    @Spec
    private CommandSpec spec;

    private Commands() {}

    /** @return the status of the process: 0, or 2 after one line that says what is wrong */
    static int run(PrintStream out, PrintStream err, String... arguments) {
        return new CommandLine(new Commands())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setParameterExceptionHandler((wrong, all) -> refuse(wrong.getCommandLine(), wrong))
                .setExecutionExceptionHandler((wrong, command, all) -> refuse(command, wrong))
                .execute(arguments);
    }

    private static int refuse(CommandLine command, Exception wrong) {
        String message = wrong.getMessage().replaceAll("\\R", " ");
        Set<String> legal = command.getSubcommands().keySet();
        command.getErr().println(legal.isEmpty() ? message : message + ", expected " + String.join(" or ", legal));
        return WRONG;
    }

    /** The grants of a token or of a key. */
    static final class Granted {
        private static final String PATTERNS = "<pattern>";

        @Option(names = "--subscribe", split = ",", paramLabel = PATTERNS, description = "Listen.")
        private List<String> subscribe;

        @Option(names = "--publish", split = ",", paramLabel = PATTERNS, description = "Append events.")
        private List<String> publish;

        @Option(names = "--read", split = ",", paramLabel = PATTERNS, description = "Read events and documents.")
        private List<String> read;

        @Option(names = "--write", split = ",", paramLabel = PATTERNS, description = "Change documents.")
        private List<String> write;

        @Option(names = "--presence", split = ",", paramLabel = PATTERNS, description = "Be present, and see others.")
        private List<String> presence;

        @Option(names = "--admin", description = "Look at the gateway and change it.")
        private boolean isAdmin;

        /** @throws IllegalArgumentException that names the pattern at fault */
        Map<Action, List<String>> patterns(String subject) {
            var patterns = new EnumMap<Action, List<String>>(Action.class);
            put(patterns, Action.SUBSCRIBE, subscribe);
            put(patterns, Action.PUBLISH, publish);
            put(patterns, Action.READ, read);
            put(patterns, Action.WRITE, write);
            put(patterns, Action.PRESENCE, presence);
            Grants.of(patterns, isAdmin, subject);
            return patterns;
        }

        private static void put(Map<Action, List<String>> patterns, Action action, List<String> of) {
            if (of != null) {
                patterns.put(action, of);
            }
        }
    }

    @Command(
            name = "token",
            description = "Prints a token for trying, signed by heliograph.access.jwt.secret.",
            mixinStandardHelpOptions = true)
    static final class Token implements Runnable {
        @Spec
        private CommandSpec spec;

        @Option(names = "--sub", required = true, paramLabel = "<subject>", description = "The token's owner.")
        private String subject;

        @Option(
                names = "--expires",
                defaultValue = "1h",
                paramLabel = "<duration>",
                description = "How long it is valid, e.g. 90s, 10m or 1h; by default ${DEFAULT-VALUE}.")
        private String expires;

        @ArgGroup(exclusive = false, heading = "Grants, each a list of patterns such as 'orders-*':%n")
        private Granted granted = new Granted();

        @Override
        public void run() {
            spec.commandLine()
                    .getOut()
                    .println(
                            new TokenMint(jwt()).mint(subject, granted.patterns(subject), granted.isAdmin, validFor()));
        }

        private Duration validFor() {
            try {
                Duration duration = DurationConverter.parseDuration(expires);
                if (duration != null && !duration.isNegative() && !duration.isZero()) {
                    return duration;
                }
            } catch (IllegalArgumentException noDuration) {
                // As one that is over at once.
            }
            throw new ParameterException(
                    spec.commandLine(), "--expires is \"" + expires + "\", expected e.g. 90s, 10m or 1h");
        }

        /** What a gateway would have that is started here and now. */
        private static AccessConfig.JwtConfig jwt() {
            return ConfigUtils.configBuilder()
                    .withMapping(AccessConfig.JwtConfig.class, "heliograph.access.jwt")
                    .build()
                    .getConfigMapping(AccessConfig.JwtConfig.class, "heliograph.access.jwt");
        }
    }

    @Command(
            name = "keys",
            description = "Makes API keys.",
            mixinStandardHelpOptions = true,
            subcommands = Commands.NewKey.class)
    static final class Keys {}

    @Command(
            name = "new",
            description = "Prints a new API key once, and the lines of configuration by which the gateway knows it.",
            mixinStandardHelpOptions = true)
    static final class NewKey implements Runnable {
        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "<name>", description = "The key's name: 1 to 63 characters of a-z 0-9 -.")
        private String name;

        @ArgGroup(exclusive = false, heading = "Grants, each a list of patterns such as 'orders-*':%n")
        private Granted granted = new Granted();

        @Override
        public void run() {
            Map<Action, List<String>> patterns = granted.patterns(name);
            String key = ApiKeys.newKey(name, new SecureRandom());
            String root = "heliograph.access.keys." + name + '.';
            PrintWriter out = spec.commandLine().getOut();
            out.println(key);
            out.println();
            out.println("# The key above is shown only this once. The gateway needs these lines:");
            out.println(root + "sha256=" + ApiKeys.hashOf(key));
            patterns.forEach((action, of) -> out.println(root + action.wireName() + '=' + String.join(",", of)));
            if (granted.isAdmin) {
                out.println(root + "admin=true");
            }
        }
    }
}

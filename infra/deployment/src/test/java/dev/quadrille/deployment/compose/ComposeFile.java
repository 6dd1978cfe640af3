package dev.quadrille.deployment.compose;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// A compose file, with its anchors resolved and its variables as they are written.
record ComposeFile(JsonNode content) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PORT =
            Pattern.compile("127\\.0\\.0\\.1:\\$\\{(QUADRILLE_[A-Z]+_PORT):-([0-9]+)}:([0-9]+)");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{[A-Z_]+:-([^}]*)}");

    static ComposeFile parse(String text) {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        Object content = new Yaml(new SafeConstructor(options)).load(text);
        return new ComposeFile(JSON.valueToTree(content));
    }

    /// @param variable that sets another port on this machine
    record Published(String service, String variable, int host, int container) {}

    Map<String, JsonNode> services() {
        var all = new LinkedHashMap<String, JsonNode>();
        content.path("services")
                .properties()
                .forEach(each -> all.put(each.getKey(), each.getValue()));
        return all;
    }

    JsonNode service(String name) {
        return content.path("services").path(name);
    }

    /// With the defaults put in.
    Map<String, String> environment(String service) {
        var all = new LinkedHashMap<String, String>();
        service(service)
                .path("environment")
                .properties()
                .forEach(each ->
                        all.put(
                                each.getKey(),
                                VARIABLE.matcher(each.getValue().asText()).replaceAll("$1")));
        return all;
    }

    /// Those that are not written as they are to be are left out.
    List<Published> published(String service) {
        var all = new ArrayList<Published>();
        for (String text : texts(service, "ports")) {
            var port = PORT.matcher(text);
            if (port.matches()) {
                all.add(
                        new Published(
                                service,
                                port.group(1),
                                Integer.parseInt(port.group(2)),
                                Integer.parseInt(port.group(3))));
            }
        }
        return all;
    }

    List<String> texts(String service, String member) {
        var all = new ArrayList<String>();
        service(service).path(member).forEach(each -> all.add(each.asText()));
        return all;
    }

    boolean isOurs(String service) {
        return service(service).path("image").asText().contains("quadrille/");
    }
}

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Sends what a system sends, with Java's HttpClient as it comes: over plain HTTP it offers to go on in HTTP/2.
 *
 * <p>{@code OFFICE=http://127.0.0.1:8000/office java Client.java STEP SESSION URL}
 */
public class Client {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String OFFICE = System.getenv("OFFICE");
    private static final int TRIES = 6;
    private static final Pattern ID = Pattern.compile("\"offeringId\":\"([^\"]+)\"");

    private final String session;
    private final String url;

    private Client(String session, String url) {
        this.session = session;
        this.url = url;
    }

    public static void main(String[] words) throws Exception {
        Client client = new Client(words[1], words[2]);
        List<String> steps =
                words[0].equals("all") ? List.of("2.1", "2.2", "2.3", "2.4", "4.2", "2.5") : List.of(words[0]);
        for (String step : steps) {
            client.perform(step);
        }
    }

    private void perform(String step) throws Exception {
        switch (step) {
            case "2.1" -> create();
            case "2.2" -> {
                String id = create();
                people(id, send("POST", OFFICE + "/sessions/" + id + "/people?students=3&staff=yes", null));
            }
            case "2.3" -> {
                String id = latest("?people=yes");
                people(id, send("POST", OFFICE + "/sessions/" + id + "/people?students=1", null));
            }
            case "2.4" -> {
                String id = latest("?people=yes");
                people(id, send("DELETE", OFFICE + "/sessions/" + id + "/people/first", null));
            }
            case "2.5" -> {
                String id = latest("");
                send("DELETE", url + "/offerings/" + id, null);
                send("DELETE", OFFICE + "/sessions/" + id, null);
            }
            case "4.1" -> send(
                    "PATCH",
                    url + "/offerings/" + session,
                    send("PUT", OFFICE + "/sessions/" + session + "/report", null));
            case "4.2" -> send("GET", url + "/offerings/" + latest(""), null);
            default -> throw new IllegalArgumentException("There is no step " + step);
        }
    }

    private String create() throws Exception {
        String offering = send("POST", OFFICE + "/sessions", null);
        send("PUT", url + "/offerings", offering);
        return idIn(offering);
    }

    private void people(String id, String list) throws Exception {
        send("PUT", url + "/offerings/" + id + "/associations", list);
    }

    private String latest(String query) throws Exception {
        return session.isEmpty() ? idIn(send("GET", OFFICE + "/sessions/latest" + query, null)) : session;
    }

    private static String idIn(String offering) {
        var found = ID.matcher(offering);
        if (!found.find()) {
            throw new IllegalStateException("No offeringId in " + offering);
        }
        return found.group(1);
    }

    /** Sends a message, and again when the other side fails or asks to wait. */
    private static String send(String method, String target, String message) throws Exception {
        var body = message == null ? BodyPublishers.noBody() : BodyPublishers.ofString(message);
        var request = HttpRequest.newBuilder(URI.create(target)).method(method, body).timeout(Duration.ofSeconds(30));
        if (message != null) {
            request.header("Content-Type", "application/json");
        }
        for (int attempt = 1; ; attempt++) {
            HttpResponse<String> answer = null;
            try {
                answer = HTTP.send(request.build(), BodyHandlers.ofString());
                if (answer.statusCode() < 300) {
                    return answer.body();
                }
            } catch (IOException error) {
                if (attempt == TRIES) {
                    throw error;
                }
            }
            boolean again = answer == null || answer.statusCode() >= 500 || answer.statusCode() == 429;
            if (!again || attempt == TRIES) {
                throw new IOException(method + " " + target + ": " + answer.statusCode() + " " + answer.body());
            }
            Thread.sleep(pause(answer, attempt).toMillis());
        }
    }

    private static Duration pause(HttpResponse<String> answer, int attempt) {
        String told = answer == null ? null : answer.headers().firstValue("Retry-After").orElse(null);
        if (told == null) {
            return Duration.ofMillis(250L << attempt);
        }
        if (told.chars().allMatch(Character::isDigit)) {
            return Duration.ofSeconds(Long.parseLong(told));
        }
        var until = ZonedDateTime.parse(told, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        var left = Duration.between(Instant.now(), until).plusSeconds(1);
        return left.isNegative() ? Duration.ZERO : left;
    }
}

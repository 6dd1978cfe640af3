package dev.quadrille.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quadrille.sandbox.Account.Claim;
import dev.quadrille.sandbox.Account.Origin;
import dev.quadrille.sandbox.Account.Settled;
import dev.quadrille.sandbox.Reply.Answer;
import dev.quadrille.sandbox.TestMethod.Manner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The endpoints. A request is read first, and what is wrong with it alone is said at once; only
/// then it is executed, and from there on its answer is kept for its idempotency key, whatever it
/// is.
final class StripeApi {

    private static final String INTENTS = "/v1/payment_intents";
    private static final String REFUNDS = "/v1/refunds";
    private static final String CHARGE = "latest_charge";
    private static final int MAX_KEY_LENGTH = 255;
    private static final int FLAKY_FAILURES = 2;

    /// What Stripe wants to know about a confirmation, or lets one say, that makes no difference to
    /// a test card.
    private static final String[] WITHOUT_EFFECT = {
        "payment_method_types",
        "automatic_payment_methods",
        "return_url",
        "off_session",
        "error_on_requires_action"
    };

    private sealed interface Endpoint {

        /// Answers without changing anything.
        record Reading(Query query) implements Endpoint {}

        /// Leads to a command, which may change something.
        record Writing(Form form) implements Endpoint {}
    }

    private interface Query {
        Answer answer(Parameters parameters, String id);
    }

    private interface Form {
        Command command(Parameters parameters, String id);
    }

    /// @param path with one group, if there is an id in it
    private record Route(String method, Pattern path, boolean secured, Endpoint endpoint) {}

    private final Account account;
    private final Settings settings;
    private final InstantSource clock;
    private final Ids ids;
    private final Pause pause;
    private final Attempts attempts = new Attempts();
    private final List<Route> routes =
            List.of(
                    writing(INTENTS, this::openIntent),
                    reading(INTENTS, this::listIntents),
                    reading(INTENTS + "/search", this::searchIntents),
                    reading(INTENTS + "/(\\w+)", this::showIntent),
                    writing(INTENTS + "/(\\w+)/confirm", this::confirmIntent),
                    writing(INTENTS + "/(\\w+)/capture", this::captureIntent),
                    writing(INTENTS + "/(\\w+)/cancel", this::cancelIntent),
                    writing(REFUNDS, this::openRefund),
                    reading(REFUNDS, this::listRefunds),
                    reading(REFUNDS + "/(\\w+)", this::showRefund),
                    openWriting("/sandbox/intents/(\\w+)/lapse", this::lapseIntent),
                    open("/sandbox/ledger", this::ledger),
                    open("/healthz", this::health));

    StripeApi(Account account, Settings settings, InstantSource clock, Ids ids, Pause pause) {
        this.account = account;
        this.settings = settings;
        this.clock = clock;
        this.ids = ids;
        this.pause = pause;
    }

    Reply answer(Request request) throws InterruptedException {
        try {
            return route(request);
        } catch (BadRequest e) {
            return Answer.of(e.error());
        } catch (IOException | RuntimeException e) {
            Log.fault(request.id() + " failed", e);
            return Answer.of(ApiError.internal());
        }
    }

    private Reply route(Request request) throws IOException, InterruptedException {
        List<String> otherMethods = new ArrayList<>();
        for (Route route : routes) {
            Matcher matcher = route.path().matcher(request.path());
            if (!matcher.matches()) {
                continue;
            }
            if (!route.method().equals(request.method())) {
                otherMethods.add(route.method());
                continue;
            }
            if (route.secured() && !isAuthorized(request.authorization())) {
                return unauthorized(request);
            }
            String id = matcher.groupCount() == 0 ? "" : matcher.group(1);
            return switch (route.endpoint()) {
                case Endpoint.Reading(Query query) -> query.answer(inQuery(request), id);
                case Endpoint.Writing(Form form) -> write(request, form, id);
            };
        }
        return noRoute(request, otherMethods);
    }

    // What reads

    private Answer showIntent(Parameters parameters, String id) {
        boolean withCharge = parameters.expanded(CHARGE).contains(CHARGE);
        parameters.end();
        return account.intent(id)
                .map(intent -> new Answer(200, StripeJson.intent(intent, withCharge)))
                .orElseGet(() -> Answer.of(ApiError.noSuch(404, "payment_intent", id, "intent")));
    }

    private Answer listIntents(Parameters parameters, String none) {
        int limit = parameters.limit(10, 100);
        String after = parameters.text("starting_after");
        OptionalLong from = parameters.time("created[gte]");
        OptionalLong to = parameters.time("created[lte]");
        boolean withCharge = parameters.expanded("data." + CHARGE).contains("data." + CHARGE);
        parameters.end();
        return account.newest(limit, after, intent -> isCreated(intent, from, to))
                .map(page ->
                        new Answer(
                                200,
                                StripeJson.list(INTENTS, shown(page, withCharge), page.more())))
                .orElseGet(() ->
                        Answer.of(
                                ApiError.noSuch(
                                        400,
                                        "payment_intent",
                                        String.valueOf(after),
                                        "starting_after")));
    }

    private static boolean isCreated(Intent intent, OptionalLong from, OptionalLong to) {
        long at = intent.terms().createdAtSeconds();
        return at >= from.orElse(Long.MIN_VALUE) && at <= to.orElse(Long.MAX_VALUE);
    }

    private static List<ObjectNode> shown(Account.Page page, boolean withCharge) {
        return page.intents().stream()
                .map(intent -> StripeJson.intent(intent, withCharge))
                .toList();
    }

    private Answer searchIntents(Parameters parameters, String none) {
        Search search = Search.parse(parameters.required("query"));
        int limit = parameters.limit(10, 100);
        boolean withCharge = parameters.expanded("data." + CHARGE).contains("data." + CHARGE);
        parameters.end();
        Account.Page page = account.find(search.orderId(), limit, search::matches);
        return new Answer(
                200,
                StripeJson.searchResult(INTENTS + "/search", shown(page, withCharge), page.more()));
    }

    private Answer listRefunds(Parameters parameters, String none) {
        String intent = parameters.required("payment_intent");
        int limit = parameters.limit(10, 100);
        parameters.end();
        if (account.intent(intent).isEmpty()) {
            return Answer.of(ApiError.noSuch(404, "payment_intent", intent, "payment_intent"));
        }
        Account.RefundPage page = account.refundsOf(intent, limit);
        return new Answer(
                200,
                StripeJson.list(
                        REFUNDS,
                        page.refunds().stream().map(StripeJson::refund).toList(),
                        page.more()));
    }

    private Answer showRefund(Parameters parameters, String id) {
        parameters.end();
        return account.refund(id)
                .map(refund -> new Answer(200, StripeJson.refund(refund)))
                .orElseGet(() -> Answer.of(ApiError.noSuch(404, "refund", id, "refund")));
    }

    private Answer ledger(Parameters parameters, String none) {
        String orderId = parameters.text("orderId");
        int limit = parameters.limit(1_000, 10_000);
        parameters.end();
        ObjectNode body = Json.object();
        ArrayNode items = body.putArray("items");
        account.intentsOf(orderId, limit).forEach(each -> items.add(LedgerItem.of(each).json()));
        return new Answer(200, body);
    }

    private Answer health(Parameters parameters, String none) {
        return new Answer(200, Json.object().put("status", "up"));
    }

    // What writes

    private Command openIntent(Parameters parameters, String none) {
        String id = ids.intent();
        long amountMinor = parameters.requiredAmount("amount");
        String currency = parameters.required("currency").toLowerCase(Locale.ROOT);
        if (!Terms.isCurrency(currency)) {
            throw new BadRequest(
                    ApiError.parameter(null, "Invalid currency: " + currency, "currency"));
        }
        CaptureMethod captureMethod = parameters.choice("capture_method", CaptureMethod.values());
        Terms terms =
                new Terms(
                        id,
                        clock.instant().getEpochSecond(),
                        amountMinor,
                        currency,
                        captureMethod == null ? CaptureMethod.AUTOMATIC : captureMethod,
                        ids.clientSecret(id),
                        parameters.optionalText("description"),
                        parameters.metadata());
        TestMethod method = parameters.method("payment_method");
        boolean confirm = parameters.flag("confirm");
        parameters.tolerate(WITHOUT_EFFECT);
        parameters.end();
        return new Command.Open(terms, method, confirm, ids.charge());
    }

    private Command confirmIntent(Parameters parameters, String id) {
        TestMethod method = parameters.method("payment_method");
        parameters.tolerate(WITHOUT_EFFECT);
        parameters.end();
        return new Command.Confirm(id, method, ids.charge());
    }

    private Command captureIntent(Parameters parameters, String id) {
        OptionalLong amountMinor = parameters.amount("amount_to_capture");
        parameters.end();
        return new Command.Capture(id, amountMinor);
    }

    private Command cancelIntent(Parameters parameters, String id) {
        CancellationReason reason =
                parameters.choice("cancellation_reason", CancellationReason.OF_CALLERS);
        parameters.end();
        return new Command.Cancel(id, reason, clock.instant().getEpochSecond());
    }

    private Command lapseIntent(Parameters parameters, String id) {
        parameters.end();
        return new Command.Lapse(id, clock.instant().getEpochSecond());
    }

    private Command openRefund(Parameters parameters, String none) {
        String intent = parameters.required("payment_intent");
        OptionalLong amountMinor = parameters.amount("amount");
        RefundReason reason = parameters.choice("reason", RefundReason.values());
        Map<String, String> metadata = parameters.metadata();
        parameters.end();
        return new Command.GiveBack(
                intent,
                ids.refund(),
                amountMinor,
                reason,
                metadata,
                clock.instant().getEpochSecond(),
                false);
    }

    // How it is executed

    private Reply write(Request request, Form form, String id)
            throws IOException, InterruptedException {
        Parameters parameters = inBody(request);
        String key = request.idempotencyKey();
        Origin origin = new Origin(request.id(), key, parameters.fingerprint(request.path()));
        if (key == null) {
            return execute(form.command(parameters, id), origin);
        }
        if (key.isBlank() || key.length() > MAX_KEY_LENGTH) {
            throw new BadRequest(
                    ApiError.unreadable(
                            400, "An Idempotency-Key has 1 to " + MAX_KEY_LENGTH + " characters."));
        }
        return switch (account.claim(key, origin.fingerprint())) {
            case Claim.Answered(Entry.Kept kept) ->
                    new Answer(
                            kept.status(),
                            kept.body(),
                            Map.of(
                                    "Idempotent-Replayed",
                                    "true",
                                    "Original-Request",
                                    kept.request()));
            case Claim.InUse() -> Answer.of(ApiError.keyInUse(key));
            case Claim.Reused() -> Answer.of(ApiError.keyReused(key));
            case Claim.Granted() -> {
                try {
                    yield execute(form.command(parameters, id), origin);
                } finally {
                    account.release(key);
                }
            }
        };
    }

    private Reply execute(Command command, Origin origin) throws IOException, InterruptedException {
        Manner manner = manner(command);
        return switch (manner) {
            case OBLIGES -> account.settle(command, origin).answer();
            case IS_SLOW -> {
                pause.of(settings.pace().slowAnswer());
                yield account.settle(command, origin).answer();
            }
            case IS_STUCK -> {
                pause.of(settings.pace().stuckAnswer());
                yield account.settle(command, origin).answer();
            }
            case IS_SILENT_AT_FIRST -> {
                Settled settled = account.settle(command, origin);
                boolean first = attempts.next(manner, subject(command, origin)) == 1;
                yield settled.changed() && first ? new Reply.Silence() : settled.answer();
            }
            case FAILS_TWICE ->
                    attempts.next(manner, subject(command, origin)) <= FLAKY_FAILURES
                            ? Answer.of(ApiError.internal())
                            : account.settle(command, origin).answer();
            case GIVES_BACK_IN_VAIN_AT_FIRST -> {
                // The count goes by the intent, because a further refund comes with a key of its
                // own.
                boolean first =
                        command instanceof Command.GiveBack back
                                && attempts.next(manner, "intent " + back.intent()) == 1;
                yield account.settle(first ? failing(command) : command, origin).answer();
            }
            case BREAKS -> {
                Answer answer = Answer.of(ApiError.internal());
                account.keep(answer, origin);
                yield answer;
            }
        };
    }

    private static Command failing(Command command) {
        return command instanceof Command.GiveBack back ? back.failing() : command;
    }

    /// That of the payment method which is to be charged now, or was before.
    private Manner manner(Command command) {
        return switch (command) {
            case Command.Open open -> charging(open.confirm() ? open.method() : null);
            case Command.Confirm confirm ->
                    charging(
                            confirm.method() == null
                                    ? waiting(confirm.intent())
                                    : confirm.method());
            case Command.Capture capture -> {
                TestMethod charged = charged(capture.intent());
                yield charged == null ? Manner.OBLIGES : charged.captureManner();
            }
            case Command.GiveBack back -> {
                TestMethod charged = charged(back.intent());
                yield charged == null ? Manner.OBLIGES : charged.refundManner();
            }
            case Command.Cancel _, Command.Lapse _ -> Manner.OBLIGES;
        };
    }

    private static Manner charging(@Nullable TestMethod method) {
        return method == null ? Manner.OBLIGES : method.manner();
    }

    private @Nullable TestMethod charged(String intent) {
        return switch (account.intent(intent).orElse(null)) {
            case Intent.Held held -> held.method();
            case Intent.Captured captured -> captured.method();
            case Intent.AwaitingMethod _, Intent.AwaitingConfirmation _, Intent.Canceled _ -> null;
            case null -> null;
        };
    }

    private @Nullable TestMethod waiting(String intent) {
        return account.intent(intent).orElse(null)
                        instanceof Intent.AwaitingConfirmation(_, TestMethod method)
                ? method
                : null;
    }

    /// Whose attempts are counted together.
    private String subject(Command command, Origin origin) {
        if (origin.key() != null) {
            return "key " + origin.key();
        }
        Terms terms =
                switch (command) {
                    case Command.Open open -> open.terms();
                    case Command.Change change ->
                            account.intent(change.intent()).map(Intent::terms).orElse(null);
                };
        return "order " + (terms == null ? null : terms.orderId());
    }

    // What every request goes through

    private static Parameters inQuery(Request request) {
        return request.query() == null ? Parameters.none() : Parameters.parse(request.query());
    }

    private static Parameters inBody(Request request) {
        if (request.body().isEmpty()) {
            return Parameters.none();
        }
        String type = request.contentType();
        if (type == null
                || !type.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded")) {
            throw new BadRequest(
                    ApiError.unreadable(
                            400,
                            "Invalid request (check that your POST content type is"
                                    + " application/x-www-form-urlencoded)."));
        }
        return Parameters.parse(request.body());
    }

    /// As at Stripe, the key is a bearer's token or the name of a user without a password.
    private boolean isAuthorized(@Nullable String authorization) {
        if (authorization == null) {
            return false;
        }
        String[] words = authorization.strip().split("\\s+", 2);
        if (words.length != 2) {
            return false;
        }
        return switch (words[0].toLowerCase(Locale.ROOT)) {
            case "bearer" -> isKey(words[1].getBytes(StandardCharsets.UTF_8));
            case "basic" -> isBasic(words[1]);
            default -> false;
        };
    }

    private boolean isBasic(String encoded) {
        try {
            String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            String user = colon < 0 ? pair : pair.substring(0, colon);
            return isKey(user.getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private boolean isKey(byte[] key) {
        return MessageDigest.isEqual(key, settings.key().getBytes(StandardCharsets.UTF_8));
    }

    /// Stripe repeats a part of the wrong key. It may be the right one for elsewhere, so it is not
    /// repeated here.
    private static Answer unauthorized(Request request) {
        String message =
                request.authorization() == null
                        ? "You did not provide an API key. You need to provide your API key in the"
                                + " Authorization header, using Bearer auth (e.g. 'Authorization:"
                                + " Bearer YOUR_SECRET_KEY')."
                        : "Invalid API Key provided.";
        return new Answer(
                401,
                StripeJson.error(ApiError.unreadable(401, message)),
                Map.of("WWW-Authenticate", "Basic realm=\"Stripe\""));
    }

    private static Answer noRoute(Request request, List<String> otherMethods) {
        String message =
                "Unrecognized request URL (" + request.method() + ": " + request.path() + ").";
        return otherMethods.isEmpty()
                ? Answer.of(ApiError.unreadable(404, message))
                : new Answer(
                        405,
                        StripeJson.error(ApiError.unreadable(405, message)),
                        Map.of("Allow", String.join(", ", otherMethods)));
    }

    private static Route reading(String path, Query query) {
        return new Route("GET", Pattern.compile(path), true, new Endpoint.Reading(query));
    }

    private static Route open(String path, Query query) {
        return new Route("GET", Pattern.compile(path), false, new Endpoint.Reading(query));
    }

    private static Route openWriting(String path, Form form) {
        return new Route("POST", Pattern.compile(path), false, new Endpoint.Writing(form));
    }

    private static Route writing(String path, Form form) {
        return new Route("POST", Pattern.compile(path), true, new Endpoint.Writing(form));
    }
}

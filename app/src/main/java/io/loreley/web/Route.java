package io.loreley.web;

import io.loreley.store.ApiTokens;

/**
 * One address of the API.
 *
 * @param path below {@code /api/v1}, with parameters in braces; one that ends in {@code *} takes the rest of the address
 * @param operation its name in the OpenAPI document
 * @param role who may use it; absent roles never get this far
 */
record Route(String method, String path, String operation, ApiTokens.Role role, Endpoint endpoint) {

    static Route get(String path, String operation, Endpoint endpoint) {
        return new Route("GET", path, operation, ApiTokens.Role.READ, endpoint);
    }

    static Route operate(String method, String path, String operation, Endpoint endpoint) {
        return new Route(method, path, operation, ApiTokens.Role.OPERATE, endpoint);
    }

    /** Answers one request. */
    interface Endpoint {
        Reply reply(Call call);
    }
}

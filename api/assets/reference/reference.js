// The reference: Scalar shows the document, in Chinese or English, and asks nobody else for anything. Calls are made in Swagger UI, which
// has the log-in.
(() => {
    "use strict";
    // Its validators would be compiled at run time, which the page's policy forbids.
    globalThis.__zod_globalConfig = { jitless: true };
    document.addEventListener("DOMContentLoaded", () => {
        const locale = navigator.language.toLowerCase().startsWith("en") ? "en" : "zh-CN";
        document.documentElement.lang = locale;
        Scalar.createApiReference("#reference", {
            url: "../openapi.json",
            localization: { locale },
            orderRequiredPropertiesFirst: false,
            orderSchemaPropertiesBy: "preserve",
            hideTestRequestButton: true,
            hideClientButton: true,
            withDefaultFonts: false,
            telemetry: false,
            agent: { disabled: true },
            mcp: { disabled: true },
            showDeveloperTools: "never",
            persistAuth: false,
        });
    });
})();

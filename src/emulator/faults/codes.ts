import type { ApiError } from "../request.ts";

interface KnownCode {
  readonly status: number;
  readonly message: string;
}

/** The service's codes, with the status and the words that it gives them. */
const CODES: Readonly<Record<string, KnownCode>> = {
  InputTextSensitiveContentDetected: {
    status: 400,
    message: "the input text may contain sensitive information",
  },
  SensitiveContentDetected: { status: 400, message: "the request may contain sensitive information" },
  InputImageSensitiveContentDetected: {
    status: 400,
    message: "the input image may contain sensitive information",
  },
  "InputImageSensitiveContentDetected.PrivacyInformation": {
    status: 400,
    message: "the input image may contain a real person",
  },
  "InputImageSensitiveContentDetected.PolicyViolation": {
    status: 400,
    message: "the input image may be protected by copyright",
  },
  InputVideoSensitiveContentDetected: {
    status: 400,
    message: "the input video may contain sensitive information",
  },
  "InputVideoSensitiveContentDetected.PrivacyInformation": {
    status: 400,
    message: "the input video may contain a real person",
  },
  InputAudioSensitiveContentDetected: {
    status: 400,
    message: "the input audio may contain sensitive information",
  },
  OutputVideoSensitiveContentDetected: {
    status: 400,
    message: "the output video may contain sensitive information",
  },
  OutputAudioSensitiveContentDetected: {
    status: 400,
    message: "the output audio may contain sensitive information",
  },
  InvalidParameter: { status: 400, message: "a parameter is not valid" },
  MissingParameter: { status: 400, message: "a parameter is missing" },
  AuthenticationError: { status: 401, message: "the API key is missing or wrong" },
  AccountOverdueError: { status: 403, message: "the account has an overdue balance" },
  AccessDenied: { status: 403, message: "the account has no access to this resource" },
  ResourceNotFound: { status: 404, message: "the resource is not found" },
  RateLimitExceeded: { status: 429, message: "too many requests, try again later" },
  "RateLimitExceeded.EndpointRPMExceeded": {
    status: 429,
    message: "the requests per minute of the endpoint are exceeded, try again later",
  },
  ModelAccountRpmRateLimitExceeded: {
    status: 429,
    message: "the requests per minute of the account are exceeded, try again later",
  },
  ServerOverloaded: { status: 429, message: "the service is overloaded, try again later" },
  ModelLoadingError: { status: 429, message: "the model is being loaded, try again later" },
  QuotaExceeded: { status: 429, message: "the quota of the account is used up" },
  SetLimitExceeded: { status: 429, message: "the limit that was set for the account is reached" },
  InternalServiceError: { status: 500, message: "the service encountered an unexpected internal error" },
};

const BY_STATUS: Readonly<Record<number, string>> = {
  400: "InvalidParameter",
  401: "AuthenticationError",
  402: "QuotaExceeded",
  403: "AccessDenied",
  404: "ResourceNotFound",
  429: "RateLimitExceeded",
};

/** An error by its code; one that is not known is a 400 unless `status` says otherwise. */
export function errorOfCode(code: string, status?: number, message?: string): ApiError {
  const known = CODES[code] ?? Object.entries(CODES).findLast(([name]) => code.startsWith(name))?.[1];
  return {
    status: status ?? known?.status ?? 400,
    code,
    message: message ?? known?.message ?? `the service answers ${code}`,
  };
}

/** An error by its status alone, under the code that the service most often gives it. */
export function errorOfStatus(status: number, message?: string): ApiError {
  return errorOfCode(
    BY_STATUS[status] ?? (status < 500 ? "InvalidParameter" : "InternalServiceError"),
    status,
    message,
  );
}
